// Who did what in the forum. A request and an event of its own may tell the same act: requests count until the log has shown
// the first such event, by anybody.
import type { PostFact } from '../../cli/sample/fact.ts'
import type { Moment } from '../../cli/sample/moment.ts'
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { dayOf, grouped, type LearnerMoment, learnerMoments, momentsOf, most } from './moments.ts'

const postOf = ({ what }: Moment): PostFact | null =>
  what.kind === 'fact' && what.fact?.about === 'post' ? what.fact : null

/** Names what an event of the forum did; null for other events. */
function explicitAction(moment: Moment): string | null {
  const words = /^edx\.forum\.(\w+)\.(\w+)$/.exec(moment.event_type)
  if (moment.event_type === 'edx.forum.searched') return 'searched'
  if (words === null) return null
  return postOf(moment)?.undone === true ? 'vote_undone' : `${words[2]}_${words[1]}`
}

const askedAction = ({ what }: Moment): string | null => (what.kind === 'request' ? what.forum_action : null)

/** Acts of which a request counts only until events tell them. */
const TOLD_TWICE = /^(created|voted|edited|deleted|viewed)_|^vote_undone$/

function forumDays(course: CourseTruth): readonly MeantRow[] {
  const told_from = new Map<string, number>()
  for (const moment of momentsOf(course)) {
    const action = explicitAction(moment)
    if (action !== null && !told_from.has(action)) told_from.set(action, moment.time_us)
  }
  const acts = learnerMoments(course).flatMap((moment) => {
    const asked = askedAction(moment)
    const late = asked !== null && TOLD_TWICE.test(asked) && moment.time_us > (told_from.get(asked) ?? Infinity)
    const action = explicitAction(moment) ?? (late ? null : asked)
    return action === null ? [] : [{ user_id: moment.user_id, day: dayOf(moment), action }]
  })
  return [...grouped(acts, ({ user_id, day, action }) => `${user_id} ${day} ${action}`)].map(([key, own]) => {
    const [user_id = '', day = '', action = ''] = key.split(' ')
    return { user_id, day, action, n: own.length }
  })
}

type PostMoment = LearnerMoment & { readonly post: PostFact }

function posts(course: CourseTruth): readonly MeantRow[] {
  const told = learnerMoments(course).flatMap((moment): readonly PostMoment[] => {
    const post = postOf(moment)
    return post === null ? [] : [{ ...moment, post }]
  })
  return [...grouped(told, ({ post }) => post.post_id)].flatMap(([post_id, events]) => {
    const verb = (name: string): readonly PostMoment[] =>
      events.filter(({ event_type }) => event_type.endsWith(`.${name}`))
    const [created] = verb('created')
    const [any] = events
    if (any === undefined) return []
    const votes = (way: 'up' | 'down'): number =>
      verb('voted').reduce((sum, { post }) => sum + (post.vote !== way ? 0 : post.undone ? -1 : 1), 0)
    const deletions = verb('deleted').map(({ time_us }) => time_us)
    const { object, thread_id, response_id } = any.post
    return [
      {
        post_id,
        kind: object,
        user_id: created?.user_id ?? null,
        thread_id,
        parent_id: object === 'response' ? thread_id : response_id,
        created: created?.time_us ?? null,
        edits: verb('edited').length,
        deleted: deletions[0] ?? null,
        votes_up: votes('up'),
        votes_down: votes('down'),
        body_length: events.findLast(({ post }) => post.body_length !== null)?.post.body_length ?? null,
      },
    ]
  })
}

/** Pages of textbooks: the largest page that a day's events name. */
function textbookDays(course: CourseTruth): readonly MeantRow[] {
  const turns = learnerMoments(course).flatMap((moment) =>
    moment.what.kind === 'textbook' ? [{ ...moment, what: moment.what } as const] : [],
  )
  const groups = grouped(turns, (one) =>
    JSON.stringify([one.user_id, dayOf(one), one.what.chapter ?? '', one.event_type]),
  )
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const pages = own.flatMap(({ what }) => (what.page === null ? [] : [what.page]))
    return [
      {
        user_id: first.user_id,
        day: dayOf(first),
        chapter: first.what.chapter ?? '',
        event_type: first.event_type,
        n: own.length,
        max_page: pages.length === 0 ? null : most(pages),
      },
    ]
  })
}

export const FORUM: readonly Comparison[] = [
  { table: 'forum_day', meant: forumDays },
  { table: 'forum_post', absent_before: '2016-04', meant: posts },
  { table: 'textbook_day', meant: textbookDays },
]
