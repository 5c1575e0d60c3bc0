// Who was in which group: cohorts and teams by their events, halves of an experiment by the latest assignment.
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { factsAbout, statesIn } from './meant_states.ts'
import { grouped } from './moments.ts'

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

function contentGroups(course: CourseTruth): readonly MeantRow[] {
  const told = factsAbout(statesIn(course, /^xmodule\.partitions\./), 'group')
  return [...grouped(told, ({ owner, told }) => `${owner} ${told.partition_id}`).values()].flatMap((own) => {
    const last = own.at(-1)
    if (last === undefined) return []
    const { about: _about, ...group } = last.told
    return [{ user_id: last.owner, ...group, time: last.time_us }]
  })
}

export const GROUPS: readonly Comparison[] = [
  { table: 'cohort_event', absent_before: '2014', meant: cohortEvents },
  { table: 'team_event', absent_before: '2015', meant: teamEvents },
  { table: 'content_group', absent_before: '2014', meant: contentGroups },
]
