// A sample's lines are what logs of their time look like, and its truth is what was meant: both are checked here without
// any code of the product that reads lines.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { planDays } from '../../../cli/sample/calendar.ts'
import { Random } from '../../../cli/sample/random.ts'
import { encoded, shuffled, tellDays } from '../../../cli/sample/sample_days.ts'
import type { SiteTruth } from '../../../cli/sample/truth.ts'
import { TruthRecorder } from '../../../cli/sample/truth_recorder.ts'
import { makeSite } from '../../../cli/sample/world.ts'

interface Told {
  readonly files: ReadonlyMap<string, Buffer>
  readonly truth: SiteTruth
}

function tell(given: {
  readonly from: string
  readonly days: number
  readonly damage: number
  readonly events?: number
  readonly seed?: string
}): Told {
  const random = new Random(given.seed ?? 'test')
  const world = makeSite({ organisation: 'TestX', site: 'edx', courses: 4, learners: 60, random })
  const days = planDays({ from: given.from, days: given.days, random })
  const truth = new TruthRecorder()
  const files = new Map<string, Buffer>()
  const request = { world, days, events_per_day: given.events ?? 600, even: true, damage: given.damage, random, truth }
  for (const { day, lines } of tellDays(request))
    files.set(day.date, Buffer.concat([...encoded(shuffled(lines, 500, random.derive(day.date)))]))
  return { files, truth: truth.finish() }
}

const linesOf = (bytes: Buffer): string[] => bytes.toString('utf8').split('\n').slice(0, -1)

interface Logged {
  readonly event_type: string
  readonly event_source: string
  readonly name?: string
  readonly username: string
  readonly time: string
  readonly page: string | null
  readonly context?: { readonly user_id: unknown; readonly course_id?: string; readonly received_at?: string }
  readonly event: unknown
}

/** Reads undamaged lines; the shape is the generator's own. */
const parsed = (told: Told): Logged[] =>
  [...told.files.values()].flatMap(linesOf).map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Logged)

const total = (
  told: Told,
  field: 'lines' | 'events' | 'blank' | 'duplicates' | 'rejected' | 'rescued' | 'prefixed',
): number => Object.values(told.truth.files).reduce((sum, file) => sum + file[field], 0)

test('tellDays() tells the same for the same seed, to the byte, and something else for another', () => {
  const given = { from: '2019-03-01', days: 3, damage: 20 }
  const [first, second] = [tell(given), tell(given)]
  assert.deepEqual(first.truth, second.truth)
  for (const [date, bytes] of first.files) assert.ok(second.files.get(date)?.equals(bytes), date)
  assert.notDeepEqual(tell({ ...given, seed: 'other' }).truth, first.truth)
})

test('every line of every file is accounted for as an event, blank, duplicate or rejected', () => {
  const told = tell({ from: '2019-03-01', days: 8, damage: 300 })
  for (const [date, bytes] of told.files) {
    const file = told.truth.files[date]
    assert.ok(file, date)
    assert.equal(linesOf(bytes).length, file.lines, date)
    assert.equal(file.lines, file.events + file.blank + file.duplicates + file.rejected, date)
    assert.equal(
      Object.values(file.rejected_by_reason).reduce((sum, n) => sum + n, 0),
      file.rejected,
      date,
    )
  }
  for (const field of ['blank', 'duplicates', 'rejected', 'rescued', 'prefixed'] as const)
    assert.ok(total(told, field) > 0, `no line is ${field}`)
  assert.equal(told.truth.missing.length, 1)
  assert.equal([...told.files.values()].filter((bytes) => bytes.length === 0).length, 1)
})

test('a file repeats exactly as many lines as its truth calls duplicates', () => {
  const told = tell({ from: '2019-03-01', days: 3, damage: 60 })
  for (const [date, bytes] of told.files) {
    const lines = bytes.toString('latin1').split('\n').slice(0, -1)
    const filled = lines.filter((line) => !/^[\s\0]*(#|$)/.test(line))
    assert.equal(filled.length - new Set(filled).size, told.truth.files[date]?.duplicates, date)
  }
})

test('the counts of events add up to the events of the files', () => {
  const { truth, files } = tell({ from: '2019-03-01', days: 5, damage: 20 })
  const counts = [...Object.values(truth.courses), truth.no_course].flatMap((course) => course.events)
  const events = Object.values(truth.files).reduce((sum, file) => sum + file.events, 0)
  assert.equal(
    counts.reduce((sum, count) => sum + count.n, 0),
    events,
  )
  assert.equal(files.size, 5)
})

test('undamaged lines say what the truth says of plays, submissions and enrolments', () => {
  const told = tell({ from: '2019-03-01', days: 4, damage: 0 })
  const events = parsed(told)
  const courses = Object.values(told.truth.courses)
  const truly = (type: string, source: string): number =>
    courses
      .flatMap((course) => course.events)
      .filter((count) => count.event_type === type && count.event_source === source)
      .reduce((sum, count) => sum + count.n, 0)
  const read = (type: string, source: string): number =>
    events.filter((event) => event.event_type === type && event.event_source === source).length
  for (const [type, source] of [
    ['play_video', 'browser'],
    ['play_video', 'mobile'],
    ['problem_check', 'server'],
    ['problem_check', 'browser'],
    ['page_close', 'browser'],
  ] as const) {
    assert.ok(read(type, source) > 0, `no ${type} from ${source}`)
    assert.equal(truly(type, source), read(type, source), `${type} from ${source}`)
  }
  assert.equal(courses.flatMap((course) => course.submissions).length, read('problem_check', 'server'))
  const enrolled = events.filter((event) => event.event_type.startsWith('edx.course.enrollment.'))
  assert.equal(courses.flatMap((course) => course.enrollment_events).length, enrolled.length)
  assert.equal(total(told, 'rejected') + total(told, 'duplicates'), 0)
})

test('enrolments by staff belong to another learner than the one who acts', () => {
  const { truth } = tell({ from: '2019-03-01', days: 12, damage: 0, events: 2500 })
  const facts = Object.values(truth.courses).flatMap((course) => course.enrollment_events)
  assert.ok(facts.some((fact) => fact.actor_user_id !== null && fact.actor_user_id !== fact.user_id))
  for (const course of Object.values(truth.courses))
    for (const state of course.enrollments) {
      const own = course.enrollment_events.filter((fact) => fact.user_id === state.user_id)
      // Who is enrolled already and is activated once more stays as before.
      const last = own.findLast(
        ({ action }, place) => action !== 'activated' || place === 0 || own[place - 1]?.action === 'deactivated',
      )
      assert.equal(state.is_active, last?.action !== 'deactivated')
      assert.equal(state.mode, last?.mode)
    }
})

test('viewings are planned with positions that the rule accepts, and some of them cross midnight', () => {
  const { truth } = tell({ from: '2019-03-01', days: 14, damage: 0, events: 2500 })
  const viewings = Object.values(truth.courses).flatMap((course) => course.viewings)
  assert.ok(viewings.length > 300)
  for (const viewing of viewings) assert.ok(viewing.end_position_s - viewing.start_position_s >= 0.25)
  const late = viewings.filter((viewing) => (viewing.start_time_us % 86_400_000_000) / 60_000_000 > 1430)
  assert.ok(late.length > 0)
  assert.deepEqual(new Set(viewings.map((viewing) => viewing.closed_by)), new Set(['pause', 'stop', 'seek']))
})

test('a file holds events of other days: visits over midnight and phones that deliver late', () => {
  const told = tell({ from: '2019-03-01', days: 14, damage: 0, events: 1500 })
  const apart = [...told.files].flatMap(([date, bytes]) =>
    linesOf(bytes)
      .map((line) => JSON.parse(line) as Logged)
      .filter((event) => String(event.time).slice(0, 10) !== date && String(event.time).startsWith('20')),
  )
  assert.ok(apart.some((event) => event.context?.received_at !== undefined))
  const days = new Set(parsed(told).map((event) => String(event.time).slice(0, 10)))
  assert.ok(!told.truth.missing.some((date) => days.has(date)), 'a missing day has no events at all')
})

test('a line of 2013 has a prefix, no context, no name and a time without an offset', () => {
  const told = tell({ from: '2013-03-01', days: 2, damage: 0 })
  for (const line of [...told.files.values()].flatMap(linesOf)) assert.match(line, /^Sep {2}9 /)
  for (const event of parsed(told)) {
    assert.equal(event.context, undefined)
    assert.equal(event.name, undefined)
    assert.doesNotMatch(event.time, /[+Z]/)
  }
  assert.equal(Object.keys(told.truth.names.known).length, 0)
  assert.ok(Object.values(told.truth.names.unresolved).every((id) => id.startsWith('-')))
})

test('payloads have the shapes of their era', () => {
  const shape = (from: string, type: string, source: string): string => {
    const event = parsed(tell({ from, days: 2, damage: 0 })).find(
      (event) => event.event_type === type && event.event_source === source,
    )?.event
    if (typeof event !== 'string') return Array.isArray(event) ? 'list' : typeof event
    return event.startsWith('"') ? 'text in text' : event.startsWith('{') ? 'object in text' : 'form'
  }
  assert.equal(shape('2013-03-01', 'problem_check', 'browser'), 'form')
  assert.equal(shape('2017-03-01', 'problem_check', 'browser'), 'text in text')
  assert.equal(shape('2017-03-01', 'problem_graded', 'browser'), 'list')
  assert.equal(shape('2017-03-01', 'play_video', 'browser'), 'object in text')
  assert.equal(shape('2015-03-01', 'play_video', 'mobile'), 'object in text')
  assert.equal(shape('2019-03-01', 'play_video', 'mobile'), 'object')
  assert.equal(shape('2019-03-01', 'problem_check', 'server'), 'object')
})

test('a big day has the mean line and the compressibility of real exports', () => {
  const random = new Random('big')
  const world = makeSite({ organisation: 'TestX', site: 'edx', courses: 40, learners: 400, random })
  const days = planDays({ from: '2019-03-05', days: 1, random })
  const told = tellDays({ world, days, events_per_day: 24_000, even: true, damage: 1, random, truth: null })
  const chunks = [...told].flatMap(({ lines }) => [...encoded(shuffled(lines, 24, random))])
  const bytes = Buffer.concat(chunks)
  const mean = bytes.length / linesOf(bytes).length
  const ratio = bytes.length / gzipSync(bytes).length
  assert.ok(mean > 800 && mean < 920, `mean line of ${mean} bytes`)
  assert.ok(ratio > 15 && ratio < 20, `compressible ${ratio} times`)
})
