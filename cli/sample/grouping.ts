// How learners come into groups: cohorts by staff, teams by themselves, and the halves of an experiment by chance.
import type { TeamFact } from './fact.ts'
import { tellFact } from './tell_fact.ts'
import { pass, request, type Visit } from './visit.ts'
import { asciiJson, type Learner, type SiteWorld } from './world.ts'

/** Puts somebody into a cohort, moves or removes somebody: a staff member's doing and the learner's state. */
export function manageCohorts(visit: Visit, world: SiteWorld): void {
  const { random, course } = visit
  const target = random.pick(world.learners)
  const [cohort, before] = [random.pick(course.tools.cohorts), random.pick(course.tools.cohorts)]
  if (target.nameless_id) return
  request(visit, 'api:other', '/cohorts/add')
  pass(visit, 0.05, 0.5)
  const drawn = random.fraction()
  const named = { cohort_id: String(cohort.id), cohort_name: cohort.name } as const
  const common = `"cohort_id": ${cohort.id}, "cohort_name": ${asciiJson(cohort.name)}`
  const alone = { about: 'cohort', ...named, previous_cohort_id: null, previous_cohort_name: null } as const
  if (drawn < 0.1) {
    tellFact(visit, 'server', 'edx.cohort.created', { payload: `{${common}}`, fact: alone })
    return
  }
  const subject_id = target.id
  if (drawn < 0.35) {
    const payload = `{${common}, "user_id": ${target.id}}`
    tellFact(visit, 'server', 'edx.cohort.user_removed', { payload, fact: alone, subject_id })
    return
  }
  const moved = { ...alone, previous_cohort_id: String(before.id), previous_cohort_name: before.name }
  const asked = `{"user_id": ${target.id}, ${common}, "previous_cohort_id": ${before.id}, "previous_cohort_name": ${asciiJson(before.name)}}`
  tellFact(visit, 'server', 'edx.cohort.user_add_requested', { payload: asked, fact: moved, subject_id })
  pass(visit, 0.01, 0.1)
  const payload = `{"user_id": ${target.id}, ${common}}`
  tellFact(visit, 'server', 'edx.cohort.user_added', { payload, fact: alone, subject_id })
}

const NO_TEAM: TeamFact = { about: 'team', team_id: null, topic_id: null, method: null, page_name: null, field: null }

/** Looks for a team, makes or joins or leaves one. */
export function visitTeams(visit: Visit, learner: Learner): void {
  const { random, course } = visit
  request(visit, 'page:teams', '/teams/')
  pass(visit, 1, 10)
  const team_id = random.pick(course.tools.teams)
  const topic_id = 'wind_power'
  const page_name = random.pick(['browse', 'single-topic', 'single-team'])
  const seen = page_name === 'single-team' ? team_id : null
  const viewed = `{"page_name": "${page_name}", "topic_id": "${topic_id}", "team_id": ${asciiJson(seen)}}`
  const looked = { ...NO_TEAM, team_id: seen, topic_id, page_name }
  tellFact(visit, 'browser', 'edx.team.page_viewed', { payload: viewed, fact: looked })
  pass(visit, 2, 40)
  const drawn = random.fraction()
  if (drawn < 0.2) {
    const payload = `{"topic_id": "${topic_id}", "search_text": "nordic", "number_of_results": ${random.below(5)}}`
    tellFact(visit, 'server', 'edx.team.searched', { payload, fact: { ...NO_TEAM, topic_id } })
  } else if (drawn < 0.35) {
    const payload = `{"team_id": "${team_id}", "field": "description", "old": "Us", "new": "Us, \\"again\\"", "truncated": []}`
    tellFact(visit, 'server', 'edx.team.changed', { payload, fact: { ...NO_TEAM, team_id, field: 'description' } })
  } else if (!learner.nameless_id) {
    if (drawn < 0.45) {
      tellFact(visit, 'server', 'edx.team.created', {
        payload: `{"team_id": "${team_id}"}`,
        fact: { ...NO_TEAM, team_id },
      })
      pass(visit, 0.01, 0.1)
    }
    const joins = drawn < 0.8
    const method = joins ? (drawn < 0.45 ? 'added_on_create' : 'joined_from_team_view') : 'self_removal'
    const payload = `{"team_id": "${team_id}", "user_id": ${learner.id}, "${joins ? 'add' : 'remove'}_method": "${method}"}`
    const fact = { ...NO_TEAM, team_id, method }
    tellFact(visit, 'server', `edx.team.learner_${joins ? 'added' : 'removed'}`, {
      payload,
      fact,
      subject_id: learner.id,
    })
  }
}

/** Reaches an experiment: the learner is put into one of its groups, which later events tell as well, and shown its part. */
export function reachExperiment(visit: Visit, learner: Learner): void {
  const { random, course, era } = visit
  const { partition } = course.tools
  const [group_id, group_name] = random.pick(partition.groups)
  const prefix = era.referer ? 'xmodule.partitions.' : ''
  const payload = `{"partition_id": ${partition.id}, "partition_name": "${partition.name}", "group_id": ${group_id}, "group_name": "${group_name}"}`
  const fact = {
    about: 'group',
    partition_id: String(partition.id),
    partition_name: partition.name,
    group_id: String(group_id),
    group_name,
  } as const
  tellFact(visit, 'server', 'xmodule.partitions.assigned_user_to_partition', {
    payload,
    fact,
    logged_as: `${prefix}assigned_user_to_partition`,
  })
  // Staff put a few into the other group by hand, which no event tells.
  const [other_id] = partition.groups.find(([id]) => id !== group_id) ?? [group_id]
  learner.groups.set(course, learner.id % 5 === 0 ? other_id : group_id)
  pass(visit, 0.01, 0.1)
  const shown = `{"child_id": "${random.pick(course.videos).usage_key}"}`
  tellFact(visit, 'server', 'xblock.split_test.child_render', {
    payload: shown,
    logged_as: era.referer ? 'xblock.split_test.child_render' : 'child_render',
  })
}
