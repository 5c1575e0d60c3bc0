// What a section of the benchmark is: a question with a target, and the figures that answer it. Without one form for all of
// them nobody could choose some, and each would print and judge in its own way.
import type { BenchDay } from './bench_day.ts'
import type { LapKind, Laps } from './laps.ts'
import type { Spread } from './spread.ts'

/** In what a figure is counted; it decides how the figure is written, too. */
export type Unit =
  | 's'
  | 'CPU s'
  | 'ms'
  | 'CPU ms'
  | 'MB/s'
  | 'MB per CPU s'
  | 'events/s'
  | 'jobs/s'
  | 'bytes'
  | 'times'
  | 'rows'
  | 'days'
  | '$'

/** One measured quantity over all runs; a figure that was measured once has a spread of one value. */
export interface Figure {
  readonly name: string
  readonly unit: Unit
  readonly spread: Spread
}

/** What a section found. */
export interface Findings {
  readonly figures: readonly Figure[]
  /** The target was reached, by the medians. */
  readonly met: boolean
  /** What a reader has to know in order not to misread the figures. */
  readonly remarks: readonly string[]
}

/** A question of the benchmark: one file each, listed in sections.ts. */
export interface Section {
  /** What `--only` calls it. */
  readonly key: string
  readonly name: string
  readonly target: string
  /** Runs over the measured day that it reads; the frame does those of all sections in turn. */
  readonly laps: readonly LapKind[]
  measure(bench: Bench): Promise<Findings>
}

/** What the frame gives to every section. */
export interface Bench {
  /** Where days and whatever else is worth keeping from one benchmark to the next lie. */
  readonly folder: string
  readonly runs: number
  /** Everything small: the figures mean nothing, but they are all there. */
  readonly quick: boolean
  /** Events of the measured day. */
  readonly events: number
  readonly laps: Laps
  day(events: number): Promise<BenchDay>
  tell(line: string): void
}

/** A section with what it found, as `--json` gives it. */
export interface SectionResult extends Findings {
  readonly key: string
  readonly name: string
  readonly target: string
  readonly seconds: number
  /** Programs that wanted a core in the minute before its end; the benchmark's own are among them. */
  readonly load_after: number
}
