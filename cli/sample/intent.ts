// An intent is what happened, before it is spelt as a line: the generator's ground truth is collected from intents, so
// that results are checked against what was meant and never against a second reading of the same text.
import type { TimeForm } from './calendar.ts'
import type { Fact } from './fact.ts'
import type { Course, Learner, Problem, Video } from './world.ts'

export type Source = 'server' | 'browser' | 'mobile'

export interface Intent {
  /** Canonical event type, as the tables show it. The renderer picks the spelling of the era. */
  readonly type: string
  readonly source: Source
  readonly time_us: number
  readonly time_form: TimeForm
  /** Who acted; null for an anonymous visitor. */
  readonly learner: Learner | null
  /** The event carries the actor's account id, name, or both. */
  readonly identity: 'both' | 'name' | 'id'
  readonly course: Course | null
  /** False when `context.course_id` is left out and the course must be found elsewhere in the line. */
  readonly course_in_context: boolean
  readonly session: string
  /** Set for what a phone sent: it decides the date of the file. */
  readonly received_us: number | null
  readonly what: What
}

/** Plain data: the truth keeps it as it is. */
export type What =
  /** A request: its path below the course's URL or the site's, and the parameters that came with it, as JSON. */
  | {
      readonly kind: 'request'
      readonly below: 'course' | 'site'
      readonly path: string
      readonly post: string
      readonly get: string
      /** Which page of its kind it is, as tables name it. */
      readonly page_key: string | null
      /** What a request of the forum does, as tables name it. */
      readonly forum_action: string | null
    }
  | { readonly kind: 'page_close' }
  | {
      readonly kind: 'video'
      readonly video: Video
      /** `missing` and `null` positions occur in pauses. */
      readonly position_s: number | 'missing' | null
      readonly old_s: number
      readonly new_s: number
      /** The video's length, where players logged it. */
      readonly duration_s: number | null
      /** What the event, as planned, ends; null when it ends no viewing. */
      readonly viewing: Viewing | null
    }
  | {
      readonly kind: 'problem_click'
      readonly problem: Problem
      readonly answers: readonly Answer[]
      readonly listed: boolean
    }
  | { readonly kind: 'submission'; readonly problem: Problem; readonly submission: Submission; readonly bulky: boolean }
  | { readonly kind: 'problem_other'; readonly problem: Problem; readonly hint_index: number }
  | {
      readonly kind: 'sequence'
      readonly sequence: string
      readonly old: number
      readonly new: number
      readonly tabs: number
      readonly outer: boolean
    }
  | {
      readonly kind: 'textbook'
      readonly chapter: string | null
      readonly page: number | null
      readonly old_page: number
    }
  | { readonly kind: 'link'; readonly target: string }
  | {
      readonly kind: 'enrollment'
      /** Account id of the learner concerned. */
      readonly subject_id: number
      readonly mode: string
      readonly synthesized: boolean
    }
  | {
      readonly kind: 'fact'
      /** A JSON object. */
      readonly payload: string
      /** What the payload states; null where no table asks. */
      readonly fact: Fact | null
      /** Account id of the learner concerned; null where it is whoever acts. */
      readonly subject_id: number | null
      /** Done by a program now and then, with nobody logged in. */
      readonly background: boolean
      /** The name in the log where it is not the canonical one. */
      readonly logged_as: string | null
      /** Usage key of the block that tells it. */
      readonly module: string | null
    }
  /** Something that no table asks about, under a name of its own. */
  | { readonly kind: 'other'; readonly payload: string }

/** A viewing as planned: a play and what ended it. */
export interface Viewing {
  readonly start_us: number
  readonly start_position_s: number
  readonly end_position_s: number
}

/** What stands in one part of a problem: a choice or a text, several choices, or nothing at all. */
export type Answer = string | readonly string[] | null

export interface Submission {
  readonly attempt: number
  readonly grade: number
  readonly max_grade: number
  readonly parts: number
  readonly parts_correct: number
  readonly answers: readonly Answer[]
  /** The payload has `submission`, which says more of each part than its answer. */
  readonly detailed: boolean
  /** Seed of a problem that differs from learner to learner. */
  readonly variant: number | null
}
