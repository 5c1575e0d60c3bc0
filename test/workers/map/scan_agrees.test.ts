// The scan is fast because it understands only what is common; the careful reader understands everything. Whatever they
// both read must come out the same, and this is the test that would tell: sample lines of five eras with all their damage,
// and as many again mangled at random.
//
// MILLRACE_FUZZ_LINES is the number of lines, 50,000 unless given; MILLRACE_FUZZ_SEED begins another series.
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { planDays } from '../../../cli/sample/calendar.ts'
import { Random } from '../../../cli/sample/random.ts'
import { encoded, tellDays } from '../../../cli/sample/sample_days.ts'
import { makeSite } from '../../../cli/sample/world.ts'
import { CalendarDate } from '../../../contracts/day.ts'
import { isBlankLine } from '../../../workers/map/blank_line.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { windowOf } from '../../../workers/map/event_time.ts'
import { keptCourses } from '../../../workers/map/kept_courses.ts'
import { LineCount } from '../../../workers/map/line_count.ts'
import { LineScanner } from '../../../workers/map/line_scanner.ts'
import { normaliseLine } from '../../../workers/map/normalise.ts'
import { readEvents } from '../../../workers/map/read_events.ts'
import { prepareXxh64, xxh64 } from '../../../workers/map/xxh64.ts'
import { FILE_DATE, logLine } from './log_line.ts'
import { mangledLine } from './mangled_line.ts'
import { oddBytes } from './odd_payload.ts'
import { cellsOfRow, rowsOfBatch } from './rows_of_batch.ts'

await prepareXxh64()

const LINES = Number(process.env.MILLRACE_FUZZ_LINES ?? 50_000)
const SEED = process.env.MILLRACE_FUZZ_SEED ?? 'scan'
const DATES = ['2013-03-01', '2014-06-01', '2016-03-01', '2019-05-01', '2023-02-01'].map((date) =>
  CalendarDate.parse(date),
)
const ORGANISATIONS = ['testx']
const NEWLINE = 0x0a

/** Any function of what is logged will do. */
const countryOf = (ip: unknown): string | null => (typeof ip === 'string' ? `from ${ip}` : null)

const scanner = new LineScanner()

interface Found {
  readonly rows: Record<string, unknown>[]
  readonly rejected: string[]
  readonly ledger: unknown
}

async function scanned(
  bytes: Buffer,
  date: CalendarDate,
  random: Random,
  keep_events: readonly string[],
): Promise<Found> {
  const batch = new EventBatch(random.between(1, 4_000))
  const rows: Record<string, unknown>[] = []
  const rejected: string[] = []
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; ) {
      const size = random.between(1, 400_000)
      yield bytes.subarray(at, at + size)
      at += size
    }
  }
  const events = readEvents(chunks(), {
    date,
    rules: { duplicates: 'keep', organisations: ORGANISATIONS, keep_events: [...keep_events] },
    scanner,
    countryOf,
    scratch: tmpdir(),
    batch,
    rejected: ({ line_no, byte_offset, length, reason }) =>
      rejected.push(`${line_no} ${byte_offset} ${length} ${reason}`),
    signal: new AbortController().signal,
  })
  for (;;) {
    const step = await events.next()
    if (step.done === true) return { rows, rejected, ledger: step.value }
    rows.push(...rowsOfBatch(step.value))
    step.value.clear()
  }
}

function careful(bytes: Buffer, date: CalendarDate, keep_events: readonly string[]): Found {
  const keeps = keptCourses(keep_events)
  const count = new LineCount(ORGANISATIONS)
  const rows: Record<string, unknown>[] = []
  const rejected: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    const end = newline === -1 ? bytes.length : newline
    const line = bytes.subarray(at, end)
    count.lines++
    const outcome = isBlankLine(line)
      ? null
      : normaliseLine(line, { window: windowOf(date), hash: xxh64(line), keeps, countryOf })
    if (outcome === null) count.blank++
    else if (outcome.kind === 'event') {
      rows.push(cellsOfRow(outcome.row))
      count.countEvent(outcome)
    } else if (outcome.kind === 'rejected') {
      rejected.push(`${count.lines} ${at} ${line.length} ${outcome.reason}`)
      count.countRejected(outcome.reason)
    }
    at = end + 1
  }
  return { rows, rejected, ledger: count.ledger() }
}

/** Lines as the sample tells them, with much of the damage that real logs have. */
function sampleLines(date: CalendarDate, lines: number, random: Random): Buffer[] {
  const world = makeSite({ organisation: 'TestX', site: 'edx', courses: 4, learners: 90, random })
  const days = planDays({ from: date, days: 1, random })
  const request = { world, days, events_per_day: lines, even: true, damage: 40, random, truth: null }
  const told: Buffer[] = []
  for (const day of tellDays(request)) for (const bytes of encoded(day.lines)) told.push(...linesOf(bytes))
  return told
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    const end = newline === -1 ? bytes.length : newline
    yield bytes.subarray(at, end)
    at = end + 1
  }
}

const NEWLINES = Buffer.of(NEWLINE)

/** Sample lines of about `lines`, one half as they are and one half mangled. */
function fileOf(date: CalendarDate, lines: number, random: Random): Buffer {
  const sample = sampleLines(date, Math.ceil(lines / 2), random)
  const mangled = sample.map((line) => mangledLine(line, random))
  return Buffer.concat([...sample, ...mangled].flatMap((line) => [line, NEWLINES]))
}

/** Lines that are held at one time. */
const FILE_LINES = 5_000

for (const date of DATES)
  test(`the scan reads lines of ${date.slice(0, 4)} as the careful reader does`, async () => {
    const files = Math.max(1, Math.round(LINES / DATES.length / FILE_LINES))
    for (let file = 0; file < files; file++) {
      const random = new Random(`${SEED} ${date} ${file}`)
      const bytes = fileOf(date, Math.min(FILE_LINES, LINES / DATES.length), random)
      // Kept events have their payload, whatever their type: so every other file reads all payloads.
      const keep_events = file % 2 === 0 ? ['*'] : []
      await agree(bytes, date, random, keep_events)
    }
  })

async function agree(bytes: Buffer, date: CalendarDate, random: Random, keep_events: readonly string[]): Promise<void> {
  const [fast, slow] = [await scanned(bytes, date, random, keep_events), careful(bytes, date, keep_events)]
  assert.deepEqual(fast.rejected, slow.rejected)
  for (const [index, row] of slow.rows.entries()) assert.deepEqual(fast.rows[index], row)
  assert.equal(fast.rows.length, slow.rows.length)
  assert.deepEqual(fast.ledger, slow.ledger)
}

test('parts of a submission whose keys become equal when they are decoded are one part, as the careful reader has it', async () => {
  const event = { correct_map: { 'a\ue000': { correctness: 'correct' }, 'a\ue001': { correctness: 'no' } } }
  const line = oddBytes(`${logLine({ event_type: 'problem_check', event_source: 'server', event })}\n`)
  assert.equal(careful(line, FILE_DATE, []).rows[0]?.parts, 1n)
  await agree(line, FILE_DATE, new Random(SEED), [])
})

// Texts are interned until there is no room; the room for a line is reckoned by lines that say each key once.
for (const [what, values, bytes] of [
  ['more texts', 30_000, 5],
  ['more bytes of text', 2_000, 2_000],
] as const)
  test(`lines that say one key over and over, with ${what} than there is room for, are read as they are`, async () => {
    for (const date of DATES) {
      const random = new Random(`${what} ${date}`)
      const sample = sampleLines(date, 300, random)
      const repeating = sample.slice(0, 8).map((line, n) => {
        const said = Array.from(
          { length: values },
          (_, at) => `"username":"${`${n * values + at}`.padStart(bytes, 'u')}"`,
        )
        return Buffer.from(`{${said.join(',')},${line.toString().slice(1)}`)
      })
      const lines = [...sample, ...repeating, ...sample]
      await agree(Buffer.concat(lines.flatMap((line) => [line, NEWLINES])), date, random, [])
    }
  })
