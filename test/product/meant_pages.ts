// Which pages learners opened and how they moved: pages by what was asked for, sequences by where they led.
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { dayOf, grouped, type LearnerMoment, learnerMoments, momentsOf } from './moments.ts'

const isPage = (moment: LearnerMoment): boolean =>
  moment.event_source === 'server' && moment.event_type.startsWith('page:')

const keyOf = ({ what }: LearnerMoment): string | null => (what.kind === 'request' ? what.page_key : null)

function pageViews(course: CourseTruth): readonly MeantRow[] {
  const pages = learnerMoments(course).filter(isPage)
  const groups = grouped(pages, (moment) =>
    JSON.stringify([moment.user_id, dayOf(moment), moment.event_type, keyOf(moment)]),
  )
  return [...groups.values()].flatMap((views) => {
    const [first] = views
    const last = views.at(-1)
    if (first === undefined || last === undefined) return []
    return [
      {
        user_id: first.user_id,
        day: dayOf(first),
        page_kind: first.event_type.replace('page:', ''),
        page_key: keyOf(first),
        n: views.length,
        first_time: first.time_us,
        last_time: last.time_us,
      },
    ]
  })
}

/** Where the pages are that learners click on. */
const HOME = 'courses.edx.org'

function linkClicks(course: CourseTruth): readonly MeantRow[] {
  const clicks = momentsOf(course).flatMap((moment) => {
    if (moment.what.kind !== 'link') return []
    const { target } = moment.what
    return [{ day: dayOf(moment), target_host: target.startsWith('/') ? null : new URL(target).hostname }]
  })
  return [...grouped(clicks, ({ day, target_host }) => `${day} ${target_host}`).values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const stays = first.target_host === null || first.target_host === HOME
    return [{ ...first, internal: stays ? own.length : 0, external: stays ? 0 : own.length }]
  })
}

/** Steps that a move goes; null for a click that goes nowhere within a sequence. */
function stepsOf({ what, event_type }: LearnerMoment): number | null {
  if (what.kind !== 'sequence') return null
  return what.outer ? (event_type === 'seq_next' ? 1 : -1) : what.new - what.old
}

const isMove = ({ event_type }: LearnerMoment): boolean =>
  /^seq_|^edx\.ui\.lms\.(sequence\.|outline\.selected$|link_clicked$)/.test(event_type)

function navigation(course: CourseTruth): readonly MeantRow[] {
  const moves = learnerMoments(course).filter(isMove)
  const blockOf = ({ what }: LearnerMoment): string | null =>
    what.kind === 'sequence' ? what.sequence.replace(/^.*[/@]/, '') : null
  const groups = grouped(moves, (move) => `${move.user_id} ${dayOf(move)} ${blockOf(move)} ${move.event_type}`)
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const steps = own.map((move) => stepsOf(move) ?? 0)
    return [
      {
        user_id: first.user_id,
        day: dayOf(first),
        block_id: blockOf(first),
        kind: first.event_type,
        n: own.length,
        forward: steps.filter((step) => step > 0).length,
        backward: steps.filter((step) => step < 0).length,
        jump: steps.filter((step) => Math.abs(step) > 1).length,
      },
    ]
  })
}

function lastVisits(course: CourseTruth): readonly MeantRow[] {
  return [...grouped(learnerMoments(course), ({ user_id }) => user_id)].map(([user_id, own]) => {
    const page = own.findLast(isPage)
    const deep = own.some(
      (moment) =>
        moment.event_type.startsWith('seq_') ||
        (isPage(moment) && !['page:root', 'page:info', 'page:about'].includes(moment.event_type)),
    )
    return {
      user_id,
      last_page_time: page?.time_us ?? null,
      last_page_key: page === undefined ? null : keyOf(page),
      last_event_time: own.at(-1)?.time_us ?? null,
      went_past_home: deep,
    }
  })
}

export const PAGES: readonly Comparison[] = [
  { table: 'page_view_day', meant: pageViews },
  { table: 'navigation_day', meant: navigation },
  { table: 'link_click_day', absent_before: '2014', meant: linkClicks },
  { table: 'last_visit', meant: lastVisits },
]
