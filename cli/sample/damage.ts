// Real logs are damaged, and a reader that was never shown damage loses data silently. Some damage leaves the event
// readable and changes its line; other damage is a line of its own that the ledger must count under its reason.
import type { RejectReason } from '../../contracts/ledger.ts'
import type { Random } from './random.ts'

/** A line as bytes or text, and what a ledger must say of it beyond "line". */
export type Junk =
  | { readonly kind: 'blank'; readonly text: string }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly text: string }

/** How often per 100,000 lines, in an ordinary archive. */
const JUNK_RATES = { blank: 6, bad_json: 5, no_object: 2, no_time: 2, odd_time: 2, no_type: 1, no_source: 1 } as const
const CHANGE_RATES = { rescued: 4, prefixed: 1, nul: 1, invalid_utf8: 1 } as const
const DUPLICATE_RATE = 30

export type Change = keyof typeof CHANGE_RATES

/** Draws what happens to a line that stays readable; null nearly always. */
export function drawChange(random: Random, rate: number): Change | null {
  return draw(random, CHANGE_RATES, rate)
}

export const drawDuplicate = (random: Random, rate: number): boolean => random.chance((DUPLICATE_RATE * rate) / 100_000)

/** Draws a junk line that stands beside a good one; null nearly always. */
export function drawJunk(random: Random, rate: number, good: string): Junk | null {
  const kind = draw(random, JUNK_RATES, rate)
  return kind === null ? null : junkOf(random, kind, good)
}

function junkOf(random: Random, kind: keyof typeof JUNK_RATES, good: string): Junk {
  // A number keeps two junk lines of one file from being duplicates of each other.
  const mark = random.hex(12)
  switch (kind) {
    case 'blank':
      return { kind, text: random.pick(['', '   ', '\t', '\u0000\u0000', `# rotated ${mark}`]) }
    case 'bad_json':
      return { kind: 'rejected', reason: kind, text: badJson(random, mark, good) }
    case 'no_object':
      return { kind: 'rejected', reason: kind, text: `Traceback (most recent call last): ${mark}` }
    case 'no_time':
      return {
        kind: 'rejected',
        reason: kind,
        text: `{"event_type": "page_close", "event_source": "browser", "time": ${random.pick(['null', '""', '"yesterday"'])}, "session": "${mark}"}`,
      }
    case 'odd_time':
      return {
        kind: 'rejected',
        reason: kind,
        text: `{"event_type": "page_close", "event_source": "browser", "time": "${random.pick(['1970-01-01T00:00:00+00:00', '2055-07-01T00:00:00Z'])}", "session": "${mark}"}`,
      }
    case 'no_type':
      return {
        kind: 'rejected',
        reason: kind,
        text: good.replace(/"event_type": "[^"]*", /, '').replace(/"name": "[^"]*", /, ''),
      }
    case 'no_source':
      return { kind: 'rejected', reason: kind, text: good.replace(/"event_source": "[a-z]+", /, '') }
  }
}

function badJson(random: Random, mark: string, good: string): string {
  switch (random.below(4)) {
    case 0:
      return good.replace('"event_source": "', `"event_source": "a "quote" ${mark}`)
    case 1:
      return `${good}{"second": "${mark}"}`
    case 2:
      return good.replace('"host"', `"odd": "\\x${mark}", "host"`)
    default:
      return `{"session": "${mark}", "user`
  }
}

/** Changes a good line in a way that leaves it an event. */
export function changeLine(random: Random, change: Change, good: string): string | Uint8Array {
  switch (change) {
    case 'rescued':
      return good.slice(0, good.lastIndexOf('"event": ') + 20)
    case 'prefixed':
      return `${SYSLOG_PREFIX}${good}`
    case 'nul':
      return good.replace('"host": "', '"host": "\u0000')
    case 'invalid_utf8': {
      const bytes = Buffer.from(good.replace('"host": "', '"host": "\u0001'), 'utf8')
      bytes[bytes.indexOf(1)] = random.pick([0xff, 0xc3, 0x80])
      return bytes
    }
  }
}

export const SYSLOG_PREFIX = 'Sep  9 00:00:48 localhost '

function draw<Kind extends string>(random: Random, rates: Readonly<Record<Kind, number>>, rate: number): Kind | null {
  let left = (random.fraction() * 100_000) / rate
  for (const kind in rates) {
    left -= rates[kind]
    if (left < 0) return kind
  }
  return null
}
