// Who was in which group: cohorts and teams by their events, halves of an experiment by the latest assignment, or by what
// any later event tells of it.
import type { Fact } from '../../cli/sample/fact.ts'
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { factsAbout, statesIn } from './meant_states.ts'
import { grouped, learnerMoments } from './moments.ts'

function cohortEvents(course: CourseTruth): readonly MeantRow[] {
  return factsAbout(statesIn(course, /^edx\.cohort\./), 'cohort').map(
    ({ owner, time_us, event_type, told, actor_id }) => {
      const { about: _about, ...cohort } = told
      return {
        user_id: owner,
        time: time_us,
        action: event_type.slice('edx.cohort.'.length),
        ...cohort,
        actor_user_id: actor_id,
      }
    },
  )
}

function teamEvents(course: CourseTruth): readonly MeantRow[] {
  return factsAbout(statesIn(course, /^edx\.team\./), 'team').map(({ owner, time_us, event_type, told, actor_id }) => {
    const { about: _about, ...team } = told
    return {
      user_id: owner,
      time: time_us,
      action: event_type.slice('edx.team.'.length),
      ...team,
      actor_user_id: actor_id,
    }
  })
}

/** A group by an assignment, or by what an event tells beside what happened. */
type Told = { readonly user_id: string; readonly time_us: number } & (
  | { readonly kind: 'tagged'; readonly partition_id: string; readonly group_id: string }
  | ({ readonly kind: 'assigned' } & Extract<Fact, { readonly about: 'group' }>)
)

function contentGroups(course: CourseTruth): readonly MeantRow[] {
  // What an event tells beside what happened was so before it happened.
  const told = learnerMoments(course).flatMap((moment): Told[] => {
    const { user_id, time_us, event_type, rescued, what } = moment
    const tags = Object.entries(rescued ? {} : moment.groups)
    const fact = what.kind === 'fact' && event_type.startsWith('xmodule.partitions.') ? what.fact : null
    const assigned = fact?.about === 'group' ? [{ ...fact, user_id, time_us, kind: 'assigned' as const }] : []
    return [
      ...tags.map(([partition_id, group_id]) => ({
        kind: 'tagged' as const,
        user_id,
        time_us,
        partition_id,
        group_id,
      })),
      ...assigned,
    ]
  })
  return [...grouped(told, ({ user_id, partition_id }) => `${user_id} ${partition_id}`).values()].flatMap((own) => {
    const last = own.at(-1)
    if (last === undefined) return []
    const assigned = own.flatMap((one) => (one.kind === 'assigned' ? [one] : [])).at(-1)
    return [
      {
        user_id: last.user_id,
        partition_id: last.partition_id,
        partition_name: assigned?.partition_name ?? null,
        group_id: last.group_id,
        group_name: assigned?.group_name ?? null,
        time: assigned?.time_us ?? null,
        last_tagged: own.findLast(({ kind }) => kind === 'tagged')?.time_us ?? null,
      },
    ]
  })
}

export const GROUPS: readonly Comparison[] = [
  { table: 'cohort_event', absent_before: '2014', meant: cohortEvents },
  { table: 'team_event', absent_before: '2015', meant: teamEvents },
  { table: 'content_group', absent_before: '2014', meant: contentGroups },
]
