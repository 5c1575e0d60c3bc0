// What an event is: its canonical type and its family. Every table asks for these, so aliases and URL-shaped types are
// settled here once. An unknown type keeps its own name and has no family; it is never dropped.
import type { Family } from '../../contracts/event.ts'
import { EVENT_ALIASES } from './event_aliases.ts'
import { RESCORES, STATE_FAMILIES } from './identity.ts'
import { memoised } from './memo.ts'
import { kindOfUrl } from './url_kind.ts'
import { isUrlShaped } from './url_parts.ts'

export interface EventType {
  /** Canonical name: the legacy spelling, or `page:KIND`, `xblock:HANDLER`, `api:other` for a URL. */
  readonly canonical: string
  readonly family: Family | null
  /** Its row has columns that come out of the payload. */
  readonly reads_payload: boolean
}

/** Classifies `event_type` as logged (or `name` where there is none), once it is clean text. */
export const eventTypeOf = (logged: string): EventType =>
  isUrlShaped(logged) ? typeOfKind(kindOfUrl(logged)) : typeOfName(logged)

const typeOfName = memoised(4096, (name) => classified(EVENT_ALIASES.get(name) ?? name))
const typeOfKind = memoised(4096, (kind) => classified(kind))

function classified(canonical: string): EventType {
  const family = familyOf(canonical)
  return { canonical, family, reads_payload: PAYLOAD_FAMILIES.has(family) || RESCORES.has(canonical) }
}

const PAYLOAD_FAMILIES: ReadonlySet<Family | null> = new Set<Family | null>([
  ...STATE_FAMILIES,
  'video',
  'problem',
  'sequence',
])

/** Names whose family no prefix tells. */
const FAMILY_OF_NAME: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['load_video', 'video'],
  ['play_video', 'video'],
  ['pause_video', 'video'],
  ['stop_video', 'video'],
  ['seek_video', 'video'],
  ['speed_change_video', 'video'],
  ['complete_video', 'video'],
  ['show_transcript', 'video'],
  ['hide_transcript', 'video'],
  ['video_show_cc_menu', 'video'],
  ['video_hide_cc_menu', 'video'],
  ['problem_check', 'problem'],
  ['problem_check_fail', 'problem'],
  ['problem_graded', 'problem'],
  ['problem_rescore', 'problem'],
  ['problem_rescore_fail', 'problem'],
  ['problem_reset', 'problem'],
  ['problem_save', 'problem'],
  ['problem_show', 'problem'],
  ['reset_problem', 'problem'],
  ['reset_problem_fail', 'problem'],
  ['save_problem_fail', 'problem'],
  ['save_problem_success', 'problem'],
  ['showanswer', 'problem'],
  ['edx.problem.completed', 'problem'],
  ['book', 'text'],
  ['page:forum', 'forum'],
  ['page:wiki', 'text'],
  ['page:pdfbook', 'text'],
])

/** Prefixes, the first that fits counts; null takes names out of a wider one. */
const FAMILY_OF_PREFIX: readonly (readonly [string, Family | null])[] = [
  ['edx.video.bumper.', null],
  ['edx.video.', 'video'],
  ['edx.problem.hint.', 'problem'],
  ['edx.forum.', 'forum'],
  ['textbook.', 'text'],
  ['seq_', 'sequence'],
  ['edx.ui.lms.sequence.', 'sequence'],
  ['edx.course.enrollment.', 'enrollment'],
  ['edx.certificate.', 'certificate'],
  ['edx.grades.', 'grade'],
  ['edx.course.grade.', 'grade'],
  ['edx.completion.', 'completion'],
  ['edx.cohort.', 'cohort'],
  ['edx.team.', 'team'],
  ['edx.special_exam.', 'exam'],
]

function familyOf(canonical: string): Family | null {
  const by_name = FAMILY_OF_NAME.get(canonical)
  if (by_name !== undefined) return by_name
  for (const [prefix, family] of FAMILY_OF_PREFIX) if (canonical.startsWith(prefix)) return family
  return null
}
