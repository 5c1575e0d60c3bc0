// Makes payloads that JavaScript writes otherwise than they were logged, or only just the same: numbers, escapes and keys of
// every kind between white space of every kind, as a value, as text, and as text of a text.
import type { Random } from '../../../cli/sample/random.ts'

/** What strings are made of, and of what the scan must not be sure: broken or hidden characters, and what looks rounded. */
const PIECES = [
  ...[
    'a',
    'ada',
    ' ',
    '  ',
    '=',
    '&',
    'é',
    '\u2028',
    '\u00a0',
    '\ufeff',
    '\x7f',
    '😀',
    '{',
    '[',
    ']}',
    ',',
    ': ',
    ', ',
  ],
  ...['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u00e9', '\\u00E9', '\\u20ac', '\\ufeff', '\\u2028'],
  ...[
    '\\ud83d\\ude00',
    '\\uD83D\\uDE00',
    '\\ud800\\udc00',
    '\\udbff\\udfff',
    '\\u0080',
    '\\u07ff',
    '\\u0800',
    '\\uffff',
  ],
  ...[
    '\\ud7ff',
    '\\ue000',
    '\\\\u0000',
    '\\\\ud800',
    '\\u00a0',
    '\\u3000',
    '@1234567890123456789',
    '1234567890123456',
    '-',
  ],
  ...[':-', '01234567', '89', 'course-v1:TestX+a+b', 'i4x://TestX/a/problem/p', 'x'.repeat(15), 'y'.repeat(16)],
]
const RARE_PIECES = [
  ...[
    '\\ud83d',
    '\\ude00',
    '\\ud83dx',
    '\\ud83d\\ud83d',
    '\\ud83d\\u0041',
    '\\ude00\\ud83d',
    '\\ude00\\ude00',
    '\\udbff\\ue000',
  ],
  ...['\\u0000', '\\u0001', '\\u000a', '\\u000b', '\\u001F', '\\u0022', '\\u005c', '\\u0041', '\\u007f'],
  ...[':1234567890123456', '[-1234567890123456', ',123456789012345,', '\ue000', '\ue001', '\ue002\\u00e9\ue001'],
  ...['\t', '\0', '\\q', '\\u12', '\\u12g4', '\\', '"'],
]

const NUMBERS = [
  ...['0', '1', '-1', '10', '100', '7.5', '1.0', '1.50', '-2.250', '0.0', '0.5', '-0.5', '0.000001', '0.0000012'],
  ...['0.00000100', '123456789012345', '-123456789012345', '123456789012345.0', '12345678.1234567', '0.12345678901234'],
  ...['1.10', '99999999999999.9', '0.10000000000000000000', '-0.000010'],
]
const RARE_NUMBERS = [
  ...['-0', '-0.0', '1e3', '1E+2', '1.5e-7', '1e999', '-1e-999', '0.0000001', '0.00000012', '5e-324'],
  ...['1234567890123456', '9007199254740993', '1234567890123450.0', '123456789012345.5', '12345678.12345678'],
  ...['0.123456789012345', '0.1234567890123456', '0.8333333333333334', '0.30000000000000004', '999999999999999.9'],
  ...['12.938461538461539', '100000000000000000000000', '1.00000000000000000001'],
  ...['01', '1.', '.5', '-', '+1', '1e', '-01', '1.e3', 'NaN', '-Infinity', '0x10', '1_000', '--1', '1.2.3'],
]

const KEYS = [
  ...[
    'a',
    'b',
    'c',
    'id',
    'user_id',
    'answers',
    'GET',
    'POST',
    '',
    ' ',
    '__proto__',
    'constructor',
    'toJSON',
    'length',
  ],
  ...['a_long_key_1_b_long_key', 'sevenby', 'eight_by', 'nine_byte', 'x'.repeat(16), 'x'.repeat(17), 'x'.repeat(40)],
  ...['0_1', '9c55ea65273c5d22cee86a6e2f5719c3_2_1', '-1', '1.5', '1a', '12345678901234567 ', 'success', 'attempts'],
  ...['grade', 'max_grade', 'title', 'body', 'query', 'results', 'page', 'chapter', 'score', 'thread_type'],
]
const RARE_KEYS = [
  ...[
    '0',
    '1',
    '12',
    '4294967294',
    '4294967295',
    '99999999999',
    '9007199254740993',
    'é',
    '\\u00e9',
    '\\u0061',
    'a\\u0000',
  ],
  ...['a\\n', '\\/', '\\"', '\\ud800', '\\ud801', 'k\ue000', 'k\ue001', '\\u005f_proto__', '\\ud83d\\ude00', '01'],
  ...[
    'a_long_key_2_b_long_key',
    'a_\ue000_long_key_of_bytes',
    'a_\ue001_long_key_of_bytes',
    '\ue002',
    '\ufffd\ufffd\ufffd',
  ],
]

const SPACES = ['', '', '', ' ', ' ', '\n', '\t', '\r', '  ', '\n\t \r']
const RARE_SPACES = ['\f', '\v', '\u00a0', '\ufeff', '\0', '#']

/** Picks what is rare once in a while: of too much of it nothing would be read. */
function pick(often: readonly string[], rare: readonly string[], random: Random): string {
  return random.pick(random.chance(0.03) ? rare : often)
}

function text(random: Random): string {
  return Array.from({ length: random.below(5) }, () => pick(PIECES, RARE_PIECES, random)).join('')
}

function number(random: Random): string {
  if (random.chance(0.5)) return pick(NUMBERS, RARE_NUMBERS, random)
  const digits = `${random.below(1_000_000_000)}${random.below(1_000_000_000)}`.slice(0, random.between(1, 18))
  const point = random.below(digits.length + 1)
  const whole = `${Number(digits.slice(0, point))}`
  const fraction = digits.slice(point)
  return `${random.chance(0.2) ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

const space = (random: Random): string =>
  random.chance(0.002) ? random.pick(RARE_SPACES) : random.chance(0.5) ? '' : random.pick(SPACES)

/** Makes what is mostly JSON. */
function json(random: Random, level: number): string {
  const kind = random.below(level < 3 ? 8 : 5)
  if (kind < 2) return `"${text(random)}"`
  if (kind < 4) return number(random)
  if (kind === 4)
    return random.pick(['true', 'false', 'null', '{}', '[]', '{ }', '[ ]', random.chance(0.05) ? 'nul' : '""'])
  return kind === 5 ? list(random, level) : object(random, level)
}

function list(random: Random, level: number): string {
  const items = Array.from(
    { length: random.below(4) },
    () => `${space(random)}${json(random, level + 1)}${space(random)}`,
  )
  return `[${items.join(',')}]`
}

function object(random: Random, level: number): string {
  const length = random.chance(0.01) ? random.between(100, 200) : random.below(6)
  const fields = Array.from({ length }, (_, at) => {
    const key = length > 6 ? `${random.chance(0.001) ? 'k' : `k${at}`}` : pick(KEYS, RARE_KEYS, random)
    return `${space(random)}"${key}"${space(random)}:${space(random)}${json(random, level + 1)}${space(random)}`
  })
  return `{${fields.join(',')}}`
}

function nested(random: Random): string {
  const levels = random.pick([2, 30, 31, 32, 33, 62, 63, 64, 65, 255, 256, 257, 300])
  return `{"a":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`
}

const asciiOnly = (string: string): string =>
  string.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Writes text as a JSON string, as browsers do or as Python does. */
function quoted(string: string, random: Random): string {
  const written = JSON.stringify(string)
  return random.chance(0.5) ? written : asciiOnly(written)
}

/** Makes the JSON of an odd payload, mostly right. */
export function oddPayload(random: Random): string {
  const value = random.chance(0.02) ? nested(random) : random.chance(0.8) ? object(random, 0) : json(random, 0)
  switch (random.below(6)) {
    case 0:
      return value
    case 1:
      return asciiOnly(value)
    case 2:
      return quoted(`${space(random)}${value}${space(random)}`, random)
    case 3:
      return quoted(quoted(value, random), random)
    case 4:
      return `"${random.chance(0.8) ? 'input_1=' : ''}${text(random)}"`
    default:
      return quoted(`${space(random)}"${random.chance(0.8) ? 'input_1=' : ''}${text(random)}"${space(random)}`, random)
  }
}

/** Gives the bytes of text; what stands for them in it becomes bytes that are no UTF-8. */
export function oddBytes(string: string): Buffer {
  const bytes = Buffer.from(string)
  if (!bytes.includes('\xee\x80', 0, 'latin1')) return bytes
  const broken = bytes
    .toString('latin1')
    .replaceAll('\xee\x80\x80', '\xff')
    .replaceAll('\xee\x80\x81', '\xfe')
    .replaceAll('\xee\x80\x82', '\xed\xa0\x80')
  return Buffer.from(broken, 'latin1')
}
