// One figure of several runs. A mean alone hides how much a figure can be trusted.

export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** Tells the spread of at least one figure. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((one, other) => one - other)
  const at = (place: number): number => sorted[Math.floor(place)] ?? Number.NaN
  const last = sorted.length - 1
  return { min: at(0), median: (at(last / 2) + at(last / 2 + 0.5)) / 2, max: at(last) }
}

/** Writes a spread as "median (min – max)". */
export function spreadText({ min, median, max }: Spread, write: (figure: number) => string): string {
  return min === max ? write(median) : `${write(median)} (${write(min)} – ${write(max)})`
}

/** Tells the smallest figure that so many percent of all do not exceed; NaN of none. */
export function percentileOf(figures: readonly number[], percent: number): number {
  const sorted = [...figures].sort((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}
