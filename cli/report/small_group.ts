// A number about three learners is a fact about each of them. What a report may tell of a group is decided here, and for the
// difference of two numbers that it tells as well: who knows that 40 tried and 38 failed knows of two who did not.

/** A count as a report may tell it. */
export type ShownCount =
  | { readonly kind: 'exact'; readonly count: number }
  /** Fewer learners than a group must have, nobody included. */
  | { readonly kind: 'few'; readonly below: number }
  /** All of a known group but for fewer learners than a group must have. */
  | { readonly kind: 'most'; readonly above: number }

/** Tells how many learners of a group of `of` did something; without `of` there is no group to compare with. */
export function shownCount(count: number, group_min: number, of?: number): ShownCount {
  if (count < group_min) return { kind: 'few', below: group_min }
  if (of !== undefined && of - count < group_min && group_min > 1) return { kind: 'most', above: of - group_min }
  return { kind: 'exact', count }
}

/** What a chart draws of a count: null for nothing. */
export function drawnCount(shown: ShownCount): number | null {
  switch (shown.kind) {
    case 'exact':
      return shown.count
    case 'few':
      return null
    case 'most':
      return shown.above
  }
}

export function countText(shown: ShownCount): string {
  switch (shown.kind) {
    case 'exact':
      return shown.count.toLocaleString('en-US')
    case 'few':
      return `<${shown.below}`
    case 'most':
      return `>${Math.max(shown.above, 0).toLocaleString('en-US')}`
  }
}

/** The share of a group as a report may tell it, with the bound that it tells instead; shares are from 0 to 1. */
export interface ShownShare {
  readonly kind: 'exact' | 'below' | 'above'
  readonly share: number
}

/** The smallest whole that can be parted: of fewer learners one side would always be a small group. */
export const partedMin = (group_min: number): number => (group_min > 1 ? 2 * group_min : 1)

/** Tells a share of a group; null when the group is too small to be parted. */
export function shownShare(part: number, whole: number, group_min: number): ShownShare | null {
  if (whole < partedMin(group_min)) return null
  const shown = shownCount(part, group_min, whole)
  switch (shown.kind) {
    case 'exact':
      return { kind: 'exact', share: shown.count / whole }
    case 'few':
      return { kind: 'below', share: shown.below / whole }
    case 'most':
      return { kind: 'above', share: shown.above / whole }
  }
}

export function shareText(shown: ShownShare | null): string {
  if (shown === null) return '–'
  const percent = `${Math.round(100 * shown.share)} %`
  return shown.kind === 'exact' ? percent : `${shown.kind === 'below' ? '<' : '>'}${percent}`
}

export interface Step {
  readonly day: string
  readonly count: number
}

/**
 * Thins a course of counts so that two neighbours never differ by a small group: a day is told when the count has moved by
 * `group_min` since the last day told. The first one is told when it is no small group itself.
 */
export function steppedCounts(days: readonly Step[], group_min: number): readonly Step[] {
  const told: Step[] = []
  let last = 0
  for (const step of days) {
    const moved = Math.abs(step.count - last)
    const is_small = step.count > 0 && step.count < group_min
    if (moved === 0 || moved < group_min || is_small) continue
    told.push(step)
    last = step.count
  }
  return told
}
