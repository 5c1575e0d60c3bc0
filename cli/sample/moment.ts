// Every event as it was meant, one by one: tables that depend on order, on pauses or on what a payload says can be
// worked out from these without reading a line. They are kept only where a test asks, since a big day has millions.
import type { Source, What } from './intent.ts'

export interface Moment {
  /** Who acted; null for nobody. */
  readonly user_id: string | null
  /** The id that the event itself carries; null when it carries only a name, or nobody acted. */
  readonly actor_id: string | null
  readonly time_us: number
  readonly event_source: Source
  /** Canonical event type. */
  readonly event_type: string
  /** The payload was lost with the end of the line. */
  readonly rescued: boolean
  /** Ids of the learner's groups by partition, as the line tells them beside what happened. */
  readonly groups: Readonly<Record<string, string>>
  readonly what: What
}

/** Orders moments by time; those of one time stay as they were told. */
export const byTime = (left: Moment, right: Moment): number => left.time_us - right.time_us
