// What a person sees while a run goes on: one block that redraws itself in a terminal, a plain line now and then
// elsewhere. It only looks at what the coordinator tells anyway.
import { createLogUpdate } from 'log-update'
import type { CoordinatorStatus } from '../coordinator/status.ts'
import { bytesText, durationText, grouped } from './output.ts'

const REDRAW_MS = 250
const PLAIN_LINE_MS = 5_000
/** Rates are means over this time. */
const RATE_WINDOW_MS = 8_000
const BAR_CELLS = 24

export interface ProgressFigures {
  /** Days that need nothing more: computed or quarantined. */
  readonly days_ended: number
  readonly days: number
  readonly quarantined: number
  readonly failures: number
  readonly events_per_second: number
  readonly raw_bytes_per_second: number
  /** Null while nothing was measured. */
  readonly seconds_left: number | null
  readonly running: readonly string[]
  readonly merging: readonly string[]
  readonly problem: string | null
}

interface Sample {
  readonly at_ms: number
  readonly events: number
  readonly raw_bytes: number
  readonly encrypted_bytes: number
}

/** Turns what the coordinator tells into rates and a forecast; `at_ms` is any clock that only goes forward. */
export class ProgressMeter {
  readonly #samples: Sample[] = []

  figures(status: CoordinatorStatus, at_ms: number): ProgressFigures {
    const workers = status.processes.filter((process) => process.role === 'worker')
    const sum = (of: (process: (typeof workers)[number]) => number): number =>
      workers.reduce((all, each) => all + of(each), 0)
    const totals = status.sites.map((site) => site.survey.totals)
    const days = totals.reduce((all, each) => all + each.present, 0)
    const wanted = totals.reduce((all, each) => all + each.wanted, 0)
    const quarantined = totals.reduce((all, each) => all + each.days.quarantined, 0)
    const rate = this.#rate({
      at_ms,
      events: sum((each) => each.events),
      raw_bytes: sum((each) => each.raw_bytes),
      encrypted_bytes: sum((each) => each.encrypted_bytes),
    })
    const bytes_left = totals.reduce((all, each) => all + each.wanted_bytes, 0)
    return {
      days_ended: days - wanted,
      days,
      quarantined,
      failures: sum((each) => each.days_failed),
      events_per_second: rate.events,
      raw_bytes_per_second: rate.raw_bytes,
      seconds_left: rate.encrypted_bytes > 0 ? bytes_left / rate.encrypted_bytes : null,
      running: workers.flatMap((each) => each.running.map((day) => `${day.site} ${day.date}`)),
      merging: status.processes.flatMap((each) => (each.merging === null ? [] : [each.merging])),
      problem: (status.problem ?? status.source_problem)?.message ?? null,
    }
  }

  #rate(now: Sample): Omit<Sample, 'at_ms'> {
    this.#samples.push(now)
    while (this.#samples.length > 2 && now.at_ms - (this.#samples[0]?.at_ms ?? 0) > RATE_WINDOW_MS)
      this.#samples.shift()
    const first = this.#samples[0] ?? now
    const seconds = (now.at_ms - first.at_ms) / 1_000
    const per = (of: (sample: Sample) => number): number =>
      seconds > 0 ? Math.max(0, of(now) - of(first)) / seconds : 0
    return {
      events: per((s) => s.events),
      raw_bytes: per((s) => s.raw_bytes),
      encrypted_bytes: per((s) => s.encrypted_bytes),
    }
  }
}

/** Writes the figures as one plain line. */
export function plainLine(of: ProgressFigures): string {
  const parts = [
    `${of.days_ended}/${of.days} days`,
    `${grouped(Math.round(of.events_per_second))} events/s`,
    `${(of.raw_bytes_per_second / 1e6).toFixed(1)} MB/s`,
  ]
  if (of.seconds_left !== null && of.days_ended < of.days) parts.push(`${durationText(of.seconds_left)} left`)
  if (of.quarantined > 0) parts.push(`${of.quarantined} quarantined`)
  if (of.merging.length > 0) parts.push(`merging ${of.merging.join(', ')}`)
  if (of.problem !== null) parts.push(of.problem)
  return parts.join(' · ')
}

/** Draws the figures as a block for a terminal of some width. */
export function block(of: ProgressFigures, columns: number): string {
  const share = of.days === 0 ? 1 : of.days_ended / of.days
  const full = Math.round(share * BAR_CELLS)
  const lines = [
    `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${Math.floor(share * 100)} %  ${of.days_ended} of ${of.days} days${
      of.seconds_left !== null && share < 1 ? `, ${durationText(of.seconds_left)} left` : ''
    }`,
    `${grouped(Math.round(of.events_per_second))} events/s  ${bytesText(of.raw_bytes_per_second)}/s of log  ${of.quarantined} quarantined  ${of.failures} failures`,
    of.running.length > 0 ? `computing ${of.running.join(', ')}` : 'computing nothing now',
    of.merging.length > 0 ? `merging ${of.merging.join(', ')}` : 'merging nothing now',
  ]
  if (of.problem !== null) lines.push(of.problem)
  return lines.map((line) => [...line].slice(0, columns).join('')).join('\n')
}

/** Shows progress on a stream until disposed; silent when the stream is null (with --json). */
export function showProgress(given: {
  readonly status: () => CoordinatorStatus
  readonly stream: NodeJS.WriteStream | null
}): Disposable {
  const { status, stream } = given
  if (stream === null) return { [Symbol.dispose]: () => undefined }
  const meter = new ProgressMeter()
  const redraw = stream.isTTY ? createLogUpdate(stream) : null
  let written = ''
  const show = (): void => {
    const figures = meter.figures(status(), performance.now())
    if (redraw !== null) redraw(block(figures, stream.columns))
    else if (figures.days > 0 || figures.problem !== null) {
      const line = plainLine(figures)
      if (line !== written) stream.write(`${line}\n`)
      written = line
    }
  }
  const timer = setInterval(show, stream.isTTY ? REDRAW_MS : PLAIN_LINE_MS)
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      show()
      redraw?.done()
    },
  }
}
