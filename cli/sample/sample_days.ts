// Tells the days of one site in order and hands out each day's file as lines: visits go on over midnight, phones deliver
// late, so what happens on one day stands in several files, and a file holds lines of several days.

import { busyness, dateOf, hasLines, type SampleDay } from './calendar.ts'
import { changeLine, drawChange, drawDuplicate, drawJunk, SYSLOG_PREFIX } from './damage.ts'
import { type Era, eraOf } from './eras.ts'
import type { Intent } from './intent.ts'
import type { Random } from './random.ts'
import { renderEvent } from './render_event.ts'
import { tellPageView, tellSession } from './session.ts'
import type { TruthRecorder } from './truth_recorder.ts'
import type { SiteWorld } from './world.ts'

export type Line = string | Uint8Array

export interface DaysRequest {
  readonly world: SiteWorld
  readonly days: readonly SampleDay[]
  /** Events that begin on an ordinary day. */
  readonly events_per_day: number
  /** Every day has that many, weekends too. */
  readonly even: boolean
  /** Damage as a multiple of what is ordinary; 0 for none. */
  readonly damage: number
  readonly random: Random
  /** Null where nobody compares, as in a benchmark. */
  readonly truth: TruthRecorder | null
}

/** Phones deliver at most so many days late. */
const LATE_DAYS_MAX = 20

/** A day on which nobody is free any more ends, however few its events. */
const REFUSALS_MAX = 10_000

/** Lines that a session of day `from` put into the file of another day. */
type Waiting = Map<string, Line[]>

/** Gives each day's lines, in the order of days; every day's lines must be read before the next day is asked for. */
export function* tellDays(given: DaysRequest): Generator<{ readonly day: SampleDay; readonly lines: Iterable<Line> }> {
  const waiting: Waiting = new Map()
  for (const day of given.days) {
    if (day.fate === 'missing') given.truth?.addMissing(day.date)
    else given.truth?.addFile(day.date, day.fate === 'plain' ? 'gzip' : 'gpg')
  }
  for (const [index, day] of given.days.entries()) {
    if (day.fate === 'missing') continue
    const lines = day.fate === 'empty' ? [] : tellDay(given, index, waiting)
    yield { day, lines }
  }
}

function* tellDay(given: DaysRequest, index: number, waiting: Waiting): Generator<Line> {
  const { world, days } = given
  const day = days[index]
  if (day === undefined) return
  const random = given.random.derive(day.date)
  const era = eraOf(day.date)
  yield* waiting.get(day.date) ?? []
  waiting.delete(day.date)

  const told: Line[] = []
  let count = 0
  const put = (date: string, line: Line): void => {
    const others = waiting.get(date)
    if (date === day.date) told.push(line)
    else if (others === undefined) waiting.set(date, [line])
    else others.push(line)
  }
  const emit = (intent: Intent): void => {
    count++
    writeIntent(intent, { ...given, random, era, put })
  }
  const may_cross = hasLines(days[index + 1])
  const late_days_us = days
    .slice(index + 1, index + 1 + LATE_DAYS_MAX)
    .filter(hasLines)
    .map((other) => other.start_us)
  const wanted = given.even ? given.events_per_day : given.events_per_day * busyness(day)
  let refused = 0
  while (count < wanted && refused < REFUSALS_MAX) {
    if (!tellSession({ world, era, random, day_us: day.start_us, may_cross, late_days_us, emit })) refused++
    yield* told
    told.length = 0
  }
}

/** Tells page views of a day that its first publication missed, and gives their lines. */
export function tellForgotten(given: DaysRequest, day: SampleDay, views: number): Line[] {
  const random = given.random.derive(`${day.date}/forgotten`)
  const era = eraOf(day.date)
  const lines: Line[] = []
  const emit = (intent: Intent): void =>
    writeIntent(intent, { ...given, random, era, put: (_, line) => lines.push(line) })
  for (let view = 0; view < views; view++) tellPageView({ world: given.world, era, random, day_us: day.start_us, emit })
  return lines
}

interface Pen {
  readonly world: SiteWorld
  readonly era: Era
  readonly random: Random
  readonly damage: number
  readonly truth: TruthRecorder | null
  readonly put: (date: string, line: Line) => void
}

/** Spells an intent into the file of its date, with whatever damage befalls it, and tells the truth about both. */
function writeIntent(intent: Intent, pen: Pen): void {
  const { era, random, damage, truth, put } = pen
  const date = dateOf(intent.received_us ?? intent.time_us)
  const change = intent.what.kind === 'request' ? drawChange(random, damage) : null
  const payload_last = change === 'rescued' || intent.time_us % 8 === 0
  const rendered = renderEvent(intent, { era, host: pen.world.host, payload_last })
  const changed = change === null ? rendered.text : changeLine(random, change, rendered.text)
  const add_prefix = era.prefixes && change !== 'prefixed' && typeof changed === 'string'
  const line = add_prefix ? `${SYSLOG_PREFIX}${changed}` : changed
  const rescued = change === 'rescued'
  truth?.addEvent(intent, {
    file_date: date,
    course: rendered.course,
    groups: rendered.groups,
    truncated_payload: rendered.truncated_payload && !rescued,
    rescued,
    prefixed: add_prefix || change === 'prefixed',
  })
  put(date, line)
  if (drawDuplicate(random, damage)) {
    truth?.addLine(date, 'duplicates')
    put(date, line)
  }
  const junk = drawJunk(random, damage, rendered.text)
  if (junk === null) return
  truth?.addLine(date, junk.kind === 'blank' ? 'blank' : junk.reason)
  put(date, junk.text)
}

/** Mixes lines as the exporter does: near one another they lose their order; memory holds `window` of them. */
export function* shuffled(lines: Iterable<Line>, window: number, random: Random): Generator<Line> {
  const held: Line[] = []
  for (const line of lines) {
    if (held.length < window) {
      held.push(line)
      continue
    }
    const place = random.below(window)
    const out = held[place]
    held[place] = line
    if (out !== undefined) yield out
  }
  for (let last = held.length - 1; last >= 0; last--) {
    const place = random.below(last + 1)
    const out = held[place]
    const moved = held[last]
    if (moved !== undefined) held[place] = moved
    if (out !== undefined) yield out
  }
}

const CHUNK_BYTES = 262_144

/** Joins lines to chunks of bytes, each line ended by a newline. */
export function* encoded(lines: Iterable<Line>): Generator<Buffer> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  let used = 0
  for (const line of lines) {
    const bytes_most = typeof line === 'string' ? line.length * 3 + 1 : line.length + 1
    if (used > 0 && used + bytes_most > buffer.length) {
      yield buffer.subarray(0, used)
      buffer = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes_most))
      used = 0
    } else if (bytes_most > buffer.length) buffer = Buffer.allocUnsafe(bytes_most)
    used += typeof line === 'string' ? buffer.write(line, used, 'utf8') : Buffer.from(line).copy(buffer, used)
    buffer[used++] = 10
  }
  if (used > 0) yield buffer.subarray(0, used)
}
