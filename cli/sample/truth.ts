// What a sample holds, known because it was planned and not because it was read: tests of the whole product compare
// course databases with it. It is plain JSON; ids of learners are text, because ids made from names pass 2^53.
import type { RejectReason } from '../../contracts/ledger.ts'
import type { Moment } from './moment.ts'

export interface Truth {
  readonly organisation: string
  readonly seed: string
  readonly sites: Readonly<Record<string, SiteTruth>>
}

export interface SiteTruth {
  /** By file date; empty files are there, missing ones are not. */
  readonly files: Readonly<Record<string, FileTruth>>
  readonly missing: readonly string[]
  readonly courses: Readonly<Record<string, CourseTruth>>
  /** Events that tell no course. */
  readonly no_course: CourseTruth
  readonly names: NameTruth
}

/** Lines of a file, as a ledger must account for them; everything after `rejected_by_reason` is over events. */
export interface FileTruth {
  readonly wrapping: 'gpg' | 'gzip'
  readonly lines: number
  readonly events: number
  readonly blank: number
  readonly duplicates: number
  readonly rejected: number
  readonly rejected_by_reason: Readonly<Partial<Record<RejectReason, number>>>
  readonly rescued: number
  readonly prefixed: number
  readonly truncated_payload: number
  readonly no_course: number
  readonly foreign_org: number
  readonly min_time_us: number | null
  readonly max_time_us: number | null
}

export interface CourseTruth {
  readonly events: readonly EventCount[]
  readonly submissions: readonly SubmissionFact[]
  readonly problem_aids: readonly ProblemAid[]
  readonly viewings: readonly ViewingFact[]
  readonly enrollment_events: readonly EnrollmentFact[]
  readonly enrollments: readonly EnrollmentState[]
  /** Interactions with videos by learners, of the kinds in the families' video rows. */
  readonly video_events: number
  /** All events in order of time; absent unless asked for. */
  readonly moments?: readonly Moment[]
}

/** Events by who, when, how and what; `user_id` null is nobody, so such rows count in course tables alone. */
export interface EventCount {
  readonly user_id: string | null
  readonly day: string
  readonly event_source: string
  readonly event_type: string
  readonly n: number
  readonly first_time_us: number
  readonly last_time_us: number
}

export interface SubmissionFact {
  readonly user_id: string
  readonly problem_id: string
  /** From 1, by time. */
  readonly submission_no: number
  readonly time_us: number
  readonly attempt: number
  readonly grade: number
  readonly max_grade: number
  readonly success: boolean
  readonly parts: number
  readonly parts_correct: number
  readonly display_name: string
}

/** How often a learner asked for help on a problem. */
export interface ProblemAid {
  readonly user_id: string
  readonly problem_id: string
  readonly show_answers: number
  readonly hints: number
  readonly resets: number
}

export interface ViewingFact {
  readonly user_id: string
  readonly video_id: string
  readonly start_time_us: number
  readonly start_position_s: number
  readonly end_position_s: number
  /** `pause`, `stop` or `seek`. */
  readonly closed_by: string
}

export interface EnrollmentFact {
  readonly user_id: string
  readonly time_us: number
  readonly action: string
  readonly mode: string
  readonly actor_user_id: string | null
  readonly synthesized: boolean
}

export interface EnrollmentState {
  readonly user_id: string
  readonly is_active: boolean
  readonly mode: string
  readonly first_mode: string
  readonly first_time_us: number
  readonly last_unenrolled_us: number | null
  readonly first_verified_us: number | null
  readonly changes: number
}

export interface NameTruth {
  /** Names that some event shows together with an id: the smallest such id. */
  readonly known: Readonly<Record<string, string>>
  /** Names that no event shows with an id: the id made from the name. */
  readonly unresolved: Readonly<Record<string, string>>
}
