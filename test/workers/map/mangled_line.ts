// Damages log lines in every way that a reader could be wrong about: values of other types, keys twice or in disguise,
// numbers at the edges, text in text, cuts, noise and stray bytes.
import type { Random } from '../../../cli/sample/random.ts'
import { oddBytes, oddPayload } from './odd_payload.ts'

const KEYS = ['time', 'timestamp', 'event_type', 'name', 'event_source', 'username', 'context', 'event', 'page']
const CONTEXT_KEYS = ['user_id', 'course_id', 'username', 'path', 'module', 'received_at', 'org_id', 'course_user_tags']
const PAYLOAD_KEYS = [
  ...['user_id', 'course_id', 'mode', 'id', 'problem_id', 'module_id', 'problem', 'success', 'correct_map', 'student'],
  ...['currentTime', 'current_time', 'old_time', 'new_time', 'speed', 'new_speed', 'duration', 'attempts', 'grade'],
  ...['max_grade', 'attempt_user_id', 'GET', 'POST'],
]

/** JSON that no field expects, or one that is only just right. */
const VALUES = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '7', '1.5', '-2.25', '1e3', '1E-3', '0.1', '12345.678901'],
  ...['12.938461538461539', '999999999999999', '1000000000000000', '9007199254740993', '123456789012345678901234'],
  ...['0.123456789012345', '1e999', '-1e-999', '01', '1.', '.5', '+1', '1e', 'NaN', '-Infinity', 'nul', 'tru'],
  ...['""', '" "', '"7"', '"007"', '"12.5"', '"1e2"', '"0x10"', '"a"', '"ada"', '" ada "', '"anonymous"', '"\\u0041"'],
  ...[
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"é"',
    '"a\\nb"',
    '"a\\/b"',
    '"\\q"',
    '"\\u12"',
    '"\t"',
  ],
  ...[
    '"course-v1:TestX+a+b"',
    '"TestX/a/b"',
    '" TestX/a/b\\n"',
    '"course-v1%3ATestX%2Ba%2Bb"',
    '"TestX/a"',
    '"problem_check"',
  ],
  ...['"/courses/TestX/a/b/info"', '"/login?next=/courses/TestX/a/b/"', '"https://x.org/courses/course-v1:TestX+a+b/"'],
  ...[
    '"2016-03-01T00:00:00"',
    '"2016-03-01 00:00:00Z"',
    '"2016-03-01T23:59:59.9999999+00:00"',
    '1456790400',
    '1456790400000',
  ],
  ...[
    '"2016-02-30T00:00:00Z"',
    '"2016-03-01T00:00:00+05:30"',
    '"2016-03-01T24:00:00Z"',
    '"1999-01-01T00:00:00Z"',
    '[]',
    '[1]',
  ],
  ...[
    '{}',
    '{"a": 1}',
    '[{"a": [1, {"b": null}]}]',
    '{"course_id": "TestX/a/b"}',
    '{"display_name": "é\\u00e9"}',
    '{"a": 1,}',
  ],
  ...['{"user_id": "12", "course_id": "TestX/a/b"}', '{"id": "i4x-TestX-a-video-v", "currentTime": 3.25, "code": "x"}'],
  ...[
    '"i4x://TestX/a/problem/p"',
    '"block-v1:TestX+a+b+type@video+block@v"',
    '"\\ni4x://TestX/a/video/v "',
    '"play_video"',
  ],
  ...[
    '{"p_2_1": {"correctness": "correct"}, "p_3_1": {"correctness": "incorrect"}}',
    '{"p": {"correctness": "corr\\u0065ct"}}',
  ],
  ...[
    '{"p": {"correctness": "correct"}, "p": {"correctness": "no"}}',
    '{"p": {"correctness": "correct", "correctness": 1}}',
    '{"p\ue000": {"correctness": "correct"}, "p\ue001": {"correctness": "no"}}',
  ],
  ...['{"p": {"a": {"correctness": "correct"}}, "q": [], "r": {}}', '{"\\u0070": {"correctness": "correct"}, "p": {}}'],
]

/** Tags of partitions, and what is nearly one. */
const TAGS = [
  ...['{}', '{ }', '[]', '"{}"', 'null', '{"a": 1}', '{"xblock.partition_service.partition_": "1"}'],
  ...['{"xblock.partition_service.partition_10": "1"}', '{"xblock.partition_service.partition_10": 0, "é": {}}'],
  ...['{"xblock.partition_service.partition_9":" b\\n", "xblock.partition_service.partition_10": "\\u0000"}'],
  ...['{"xblock.partition_service.partition_7": 1.0, "xblock.partition_service.partition_8": -1e2}'],
  ...['{"xblock.partition_service.partition_7": 9007199254740993, "xblock.partition_service.partition_8": "x"}'],
  ...['{"xblock.partition_service.partition_7": 1, "xblock.partition_service.partition_7": null}'],
  ...['{"xblock.partition_service.p\\u0061rtition_7": "\\ud800", "xblock.partition_service.partition_8": [1]}'],
  ...[`{"xblock.partition_service.partition_7": "${'long '.repeat(300)}"}`],
  ...[`{"xblock.partition_service.partition_7": "${'too long '.repeat(500)}"}`],
]

/** Types whose rows are made of the payload. */
const PAYLOAD_TYPES = [
  ...[
    'problem_check',
    'play_video',
    'seek_video',
    'speed_change_video',
    'edx.course.enrollment.activated',
    'showanswer',
  ],
  ...[
    'edx.grades.course.grade_calculated',
    'edx.completion.block_completion.changed',
    'edx.special_exam.x',
    'problem_rescore',
  ],
]

const SPACES = [' ', '\t', '\r', '  ', '\f', '\0', '\u00a0']

/** Damages a line once to four times. */
export function mangledLine(line: Buffer, random: Random): Buffer {
  let mangled = line
  for (let left = random.between(1, 4); left > 0; left--) {
    const way = random.below(15)
    if (way === 0) mangled = withBytesChanged(mangled, random)
    else if (way === 1) mangled = mangled.subarray(0, random.below(mangled.length + 1))
    else if (way === 2) mangled = withNoiseAround(mangled, random)
    else if (way === 3) mangled = withSpaces(mangled, random)
    else if (way < 7) mangled = withOddPayload(mangled, random)
    else mangled = oddBytes(withOtherField(mangled.toString('utf8'), random))
  }
  return mangled
}

function withBytesChanged(line: Buffer, random: Random): Buffer {
  const changed = Buffer.from(line)
  for (let left = random.between(1, 3); left > 0 && changed.length > 0; left--)
    changed[random.below(changed.length)] = random.chance(0.5)
      ? random.below(256)
      : random.pick([34, 92, 123, 125, 44, 58])
  return changed
}

function withNoiseAround(line: Buffer, random: Random): Buffer {
  const noise = random.pick(['Sep  9 00:00:48 host ', ' ', '\t', '\r', '{}', '}', '{', '#', 'x', '\0', '\ufeff'])
  return random.chance(0.5) ? Buffer.concat([Buffer.from(noise), line]) : Buffer.concat([line, Buffer.from(noise)])
}

function withSpaces(line: Buffer, random: Random): Buffer {
  const text = line.toString('latin1')
  const spaced = text.replace(/[{}[\]:,]/g, (sign) => (random.chance(0.1) ? `${random.pick(SPACES)}${sign}` : sign))
  return Buffer.from(random.chance(0.5) ? spaced : spaced.replaceAll(': ', ':').replaceAll(', ', ','), 'latin1')
}

/** Gives a field another value, or gives it twice, or under a key in disguise. */
function withOtherField(line: string, random: Random): string {
  const where = random.below(3)
  const key = random.pick(where === 0 ? KEYS : where === 1 ? CONTEXT_KEYS : PAYLOAD_KEYS)
  const value = random.pick(key === 'course_user_tags' && random.chance(0.8) ? TAGS : VALUES)
  const name = random.chance(0.05) ? `\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}` : key
  if (where === 2) return withOtherPayload(line, { name, value, random })
  const field = new RegExp(`"${key}": ("(?:[^"\\\\]|\\\\.)*"|[^,{}\\[\\]]+|\\{[^{}]*\\})`)
  if (random.chance(0.6) && field.test(line)) return line.replace(field, () => `"${name}": ${value}`)
  const start = where === 0 ? line.indexOf('{') : line.indexOf('"context": {') + '"context": '.length
  const end = where === 0 ? line.lastIndexOf('}') : line.indexOf('}', start)
  if (start < 0 || end < 0) return line
  return random.chance(0.5)
    ? `${line.slice(0, start + 1)}"${name}": ${value}, ${line.slice(start + 1)}`
    : `${line.slice(0, end)}, "${name}": ${value}${line.slice(end)}`
}

function withOtherPayload(
  line: string,
  { name, value, random }: { readonly name: string; readonly value: string; readonly random: Random },
): string {
  const other = random.pick(PAYLOAD_KEYS)
  const object = random.pick([
    `{"${name}": ${value}}`,
    `{"${name}": ${value}, "${other}": ${random.pick(VALUES)}, "${name}": ${random.pick(VALUES)}}`,
    `{"a": {"${name}": ${value}}, "${name}": ${value}}`,
    ` {"${name}": ${value}} `,
    `{"${name}": ${value}`,
    `[{"${name}": ${value}}]`,
    value,
    `input_${name}=${value}`,
  ])
  const levels = random.below(3)
  let payload = object
  for (let level = 0; level < levels; level++) payload = JSON.stringify(payload)
  const typed = random.chance(0.5)
    ? line.replace(/"event_type": "[^"]*"/, `"event_type": "${random.pick(PAYLOAD_TYPES)}"`)
    : line
  const sourced = random.chance(0.5) ? typed.replace(/"event_source": "[^"]*"/, '"event_source": "server"') : typed
  return withPayload(sourced, payload)
}

const withPayload = (line: string, payload: string): string =>
  line.replace(/"event": (?:"(?:[^"\\]|\\.)*"|\{[^{}]*\}|[^,{}[\]]+)/, () => `"event": ${payload}`)

const withOddPayload = (line: Buffer, random: Random): Buffer =>
  oddBytes(withPayload(line.toString('utf8'), oddPayload(random)))
