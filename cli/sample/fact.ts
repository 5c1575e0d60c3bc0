// What an event of a rarer family says, as plain facts beside its payload: each family is told in one file, and this is what
// the truth keeps of it. Ids of blocks are last components of usage keys, as tables show them.

export type Fact =
  | PostFact
  | { readonly about: 'course_grade'; readonly percent: number; readonly letter: string | null }
  | {
      readonly about: 'subsection_grade'
      readonly block_id: string
      readonly earned_graded: number
      readonly possible_graded: number
      readonly earned_total: number
      readonly possible_total: number
      readonly first_attempted_us: number | null
    }
  | { readonly about: 'certificate'; readonly certificate_id: string; readonly mode: string }
  | { readonly about: 'completion'; readonly block_id: string; readonly completion: number }
  | CohortFact
  | TeamFact
  | AssessmentFact
  | { readonly about: 'bookmark'; readonly block_id: string | null }
  | { readonly about: 'note'; readonly notes: readonly number[] }
  | { readonly about: 'poll'; readonly poll_id: string; readonly answers: Readonly<Record<string, string>> }
  | { readonly about: 'search'; readonly query: string; readonly results: number | null }
  | ExamFact
  | {
      readonly about: 'group'
      readonly partition_id: string
      readonly partition_name: string
      readonly group_id: string
      readonly group_name: string
    }

/** What happened to a post of the forum. */
export interface PostFact {
  readonly about: 'post'
  readonly object: 'thread' | 'response' | 'comment'
  readonly post_id: string
  readonly thread_id: string
  /** The response that a comment belongs to. */
  readonly response_id: string | null
  readonly body_length: number | null
  readonly vote: 'up' | 'down' | null
  readonly undone: boolean
}

/** A cohort and, for a request to move, the one before. */
export interface CohortFact {
  readonly about: 'cohort'
  readonly cohort_id: string
  readonly cohort_name: string
  readonly previous_cohort_id: string | null
  readonly previous_cohort_name: string | null
}

export interface TeamFact {
  readonly about: 'team'
  readonly team_id: string | null
  readonly topic_id: string | null
  /** How a learner was added or removed. */
  readonly method: string | null
  readonly page_name: string | null
  readonly field: string | null
}

/** One step in an open response assessment. */
export interface AssessmentFact {
  readonly about: 'assessment'
  readonly block_id: string
  readonly submission_uuid: string
  /** Points given, by criterion. */
  readonly points: Readonly<Record<string, number>>
}

/** One step in an attempt at a special exam; who takes it stands in the payload. */
export interface ExamFact {
  readonly about: 'exam'
  readonly exam_id: string
  readonly exam_name: string
  readonly block_id: string
  readonly attempt_id: string
  readonly attempt_status: string
  readonly started_us: number | null
  readonly completed_us: number | null
}
