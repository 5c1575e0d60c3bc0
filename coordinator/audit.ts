// Servers have been seen to keep messages that they will never deliver: below the acknowledged floor after a kill, or
// lost by a consumer. Nothing would ever fetch them and a site would wait for ever; so the queue's own sums are checked.
//
// States of a queue: sound → suspicious (the sums differ) → purged (they still did after the limit) → sound, or the
// consumer is made anew when they differ after another limit. Sums that agree lead back to sound from everywhere.
import type { Healing, QueueState } from '../runtime/bus/bus.ts'

export type AuditState =
  | { readonly kind: 'sound' }
  | { readonly kind: 'suspicious'; readonly since_ms: number }
  | { readonly kind: 'purged'; readonly since_ms: number }

export const SOUND: AuditState = { kind: 'sound' }

export const isSound = (queue: QueueState): boolean => queue.messages === queue.pending + queue.ack_pending

/** Judges a reading of the queue: what the audit knows from now on, and what has to be done. */
export function judge(
  state: AuditState,
  reading: QueueState,
  clock: { readonly now_ms: number; readonly limit_ms: number },
): { readonly state: AuditState; readonly heal: Healing | null } {
  const { now_ms, limit_ms } = clock
  if (isSound(reading)) return { state: SOUND, heal: null }
  if (state.kind === 'sound') return { state: { kind: 'suspicious', since_ms: now_ms }, heal: null }
  if (now_ms - state.since_ms < limit_ms) return { state, heal: null }
  return state.kind === 'suspicious'
    ? { state: { kind: 'purged', since_ms: now_ms }, heal: 'purge_orphans' }
    : { state: SOUND, heal: 'recreate_consumer' }
}
