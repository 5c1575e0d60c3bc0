// Viewings and enrolments once more, as plain folds over one learner's events, written from the rules and not from the
// SQL: two ways to one result, so that a mistake would have to be made twice.
import type { EventRow } from '../../contracts/event.ts'

export interface Viewing {
  readonly start_us: number
  readonly start: number
  readonly end: number
  readonly closed_by: string
}

const validOffset = (value: number | null): number | null =>
  value !== null && value >= 0 && value <= 36_000 ? value : null

/** Folds one learner's ordered events with one video into viewings (docs/rules.md, Video). */
export function foldViewings(events: readonly EventRow[]): readonly Viewing[] {
  const viewings: Viewing[] = []
  let open: { readonly start_us: number; readonly start: number; readonly duration: number | null } | null = null
  let sought: number | null = null
  for (const event of events) {
    const end = endOf(event)
    if (end === null) continue
    if (event.event_type === 'play_video') {
      const duration = event.duration_s === 0 || event.duration_s === -1 ? null : event.duration_s
      open = { start_us: event.time_us, start: sought ?? end.at, duration }
      sought = null
      continue
    }
    if (open === null) continue
    const in_video = open.duration === null || end.at <= open.duration + 1
    if (in_video && end.at - open.start >= 0.25)
      viewings.push({ start_us: open.start_us, start: open.start, end: end.at, closed_by: end.by })
    open = null
    sought = end.to
  }
  return viewings
}

function endOf(event: EventRow): { readonly at: number; readonly by: string; readonly to: number | null } | null {
  const told = event.event_type === 'pause_video' && event.position_missing ? 0 : event.position_s
  const at = validOffset(event.event_type === 'seek_video' ? event.old_position_s : told)
  if (at === null) return null
  switch (event.event_type) {
    case 'play_video':
    case 'pause_video':
    case 'stop_video':
      return { at, by: event.event_type.replace('_video', ''), to: null }
    case 'seek_video': {
      const to = validOffset(event.new_position_s)
      return to === null ? null : { at, by: 'seek', to }
    }
    default:
      return null
  }
}

export interface Enrolment {
  readonly is_active: boolean
  readonly mode: string
  readonly first_mode: string
  readonly first_us: number
  readonly last_unenrolled_us: number | null
  readonly first_verified_us: number | null
  readonly changes: number
}

/** Folds one learner's ordered enrolment events in one course into a state; null when never activated. */
export function foldEnrolment(events: readonly EventRow[]): Enrolment | null {
  let active = false
  let mode = 'unknown'
  let first: { readonly mode: string; readonly us: number } | null = null
  let last_unenrolled_us: number | null = null
  let first_verified_us: number | null = null
  let changes = 0
  for (const event of events) {
    const before: { readonly active: boolean; readonly mode: string } = { active, mode }
    const action = event.event_type.replace('edx.course.enrollment.', '')
    if (action === (active ? 'mode_changed' : 'activated')) mode = event.mode ?? mode
    if (action === 'activated') active = true
    if (action === 'deactivated') active = false
    if (action === 'activated' && first === null) first = { mode, us: event.time_us }
    if (before.active && !active) last_unenrolled_us = event.time_us
    if (active && mode === 'verified') first_verified_us ??= event.time_us
    if (before.active !== active || before.mode !== mode) changes += 1
  }
  if (first === null) return null
  return {
    is_active: active,
    mode,
    first_mode: first.mode,
    first_us: first.us,
    last_unenrolled_us,
    first_verified_us,
    changes,
  }
}
