// The words for where a day stands and why it is wanted. They are derived, never stored: `plan`, `status`, the metrics and
// the dispatch all speak of the same states.
//
// missing (no log file) and empty (one without bytes) need nothing. waiting → queued → running → done → merged is the way
// of a day; stale is waiting while an older result stands; quarantined ends it until `retry` or a new fingerprint.

export const DAY_STATES = [
  'missing',
  'empty',
  'waiting',
  'stale',
  'queued',
  'running',
  'done',
  'merged',
  'quarantined',
] as const
export type DayState = (typeof DAY_STATES)[number]

/** Why a day is to be computed. */
export type Why =
  | { readonly kind: 'new' }
  | { readonly kind: 're-published' }
  | { readonly kind: 'reprocess'; readonly epoch: number; readonly reason: string }
  | { readonly kind: 'recipe'; readonly from: number; readonly to: number }
  | { readonly kind: 'rules changed' }
  | { readonly kind: 'receipt gone' }
export type WhyKind = Why['kind']

/** Says a reason to a person. */
export function whyText(why: Why): string {
  switch (why.kind) {
    case 'reprocess':
      return `reprocess epoch ${why.epoch} "${why.reason}"`
    case 'recipe':
      return `recipe ${why.from} → ${why.to}`
    default:
      return why.kind
  }
}
