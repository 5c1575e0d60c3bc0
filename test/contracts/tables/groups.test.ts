// Cohorts, teams and groups of experiments: who was put where, under the learner and not under the staff who did it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows } from '../../laws/merged_files.ts'
import { at, type Given, told } from './state_event.ts'

test('cohort_event lists what happened to a learner, and who did it', async () => {
  const rows = await publishedRows('cohort_event', [
    told('edx.cohort.created', { cohort_id: 5, cohort_name: 'Blue' }, { subject_id: 99n }),
    told('edx.cohort.user_added', { cohort_id: 5, cohort_name: 'Blue', user_id: 1 }),
    told('edx.cohort.user_add_requested', {
      cohort_id: '6',
      cohort_name: 'Red',
      previous_cohort_id: 5,
      previous_cohort_name: 'Blue',
    }),
    told('edx.cohort.user_removed', { cohort_id: 6, cohort_name: '' }, { actor_id: null }),
    told('edx.cohort.user_added', {}, { rescued: true, payload: null }),
    told('edx.cohort.user_added', {}, { subject_id: null }),
  ])
  assert.deepEqual(
    rows.map((row) => [
      row.user_id,
      row.action,
      row.cohort_id,
      row.cohort_name,
      row.previous_cohort_id,
      row.previous_cohort_name,
      row.actor_user_id,
    ]),
    [
      [1n, 'user_added', '5', 'Blue', null, null, 99n],
      [1n, 'user_add_requested', '6', 'Red', '5', 'Blue', 99n],
      [1n, 'user_removed', '6', null, null, null, null],
      [99n, 'created', '5', 'Blue', null, null, 99n],
    ],
  )
})

test('team_event lists what happened to learners and teams, without what learners wrote', async () => {
  const rows = await publishedRows('team_event', [
    told('edx.team.learner_added', { team_id: 't1', add_method: 'added_by_another_user', user_id: 1 }),
    told('edx.team.changed', { team_id: 't1', field: 'description', old: 'private', new: 'secret' }),
    told('edx.team.page_viewed', { page_name: 'single-topic', team_id: null, topic_id: 'birds' }),
    told('edx.team.searched', { search_text: 'private', topic_id: 7, number_of_results: 2 }),
    told('edx.team.learner_removed', { team_id: 't1', remove_method: 'team_deleted' }),
    told('edx.team.deleted', '"t1"'),
  ])
  assert.deepEqual(
    rows.map((row) => [row.action, row.team_id, row.topic_id, row.method, row.page_name, row.field]),
    [
      ['learner_added', 't1', null, 'added_by_another_user', null, null],
      ['changed', 't1', null, null, null, 'description'],
      ['page_viewed', null, 'birds', null, 'single-topic', null],
      ['searched', null, '7', null, null, null],
      ['learner_removed', 't1', null, 'team_deleted', null, null],
      ['deleted', null, null, null, null, null],
    ],
  )
  assert.doesNotMatch(JSON.stringify(Object.values(rows).map(Object.values), replaced), /private|secret/)
})

const replaced = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

const assigned = (payload: unknown, time: string, given: Given = {}) =>
  told('xmodule.partitions.assigned_user_to_partition', payload, { actor_id: 1n, ...at(time), ...given })

test('content_group shows the latest assignment in each partition', async () => {
  const rows = await publishedRows('content_group', [
    assigned({ partition_id: 10, partition_name: 'Test', group_id: 2, group_name: 'B' }, '2020-03-02T00:00:00Z'),
    assigned({ partition_id: 10, partition_name: 'Test', group_id: 1, group_name: 'A' }, '2020-03-01T00:00:00Z'),
    assigned({ partition_id: '11', group_id: '0' }, '2020-03-01T00:00:00Z'),
    assigned({ group_id: 1 }, '2020-03-03T00:00:00Z'),
    assigned({ partition_id: 10, group_id: 1 }, '2020-03-03T00:00:00Z', { actor_id: null }),
    assigned({ partition_id: 10, group_id: 1 }, '2020-03-03T00:00:00Z', { course_id: null }),
  ])
  assert.deepEqual(
    rows.map((row) => [
      row.user_id,
      row.partition_id,
      row.partition_name,
      row.group_id,
      row.group_name,
      row.time,
      row.last_tagged,
    ]),
    [
      [1n, '10', 'Test', '2', 'B', '2020-03-02 00:00:00', null],
      [1n, '11', null, '0', null, '2020-03-01 00:00:00', null],
    ],
  )
})

const tagged = (groups: Readonly<Record<string, string>>, day: number, given: Given = {}) =>
  eventRow({ actor_id: 1n, time: `2020-03-0${day}T00:00:00Z`, user_tags: JSON.stringify(groups), ...given })

/** Who is in which group, of those that some events tell. */
async function groupsOf(events: Parameters<typeof publishedRows>[1]): Promise<readonly (readonly unknown[])[]> {
  const rows = await publishedRows('content_group', events)
  return rows.map((row) => [row.user_id, row.partition_id, row.group_id, row.group_name, row.time, row.last_tagged])
}

test('content_group shows the latest tags of a learner, whose assignment need not be logged', async () => {
  const groups = await groupsOf([
    tagged({ 10: '1', 11: 'x' }, 1),
    tagged({ 10: '2' }, 3),
    tagged({ 10: '3' }, 2),
    tagged({ 10: '4' }, 4, { actor_id: null }),
    tagged({ 10: '4' }, 4, { course_id: null }),
    tagged({ 10: '5' }, 1, { actor_id: null, actor_name: 'anna' }),
    tagged({ 10: '6' }, 2, { actor_id: 7n, username: 'anna' }),
    eventRow({ actor_id: 1n, time: '2020-03-05T00:00:00Z' }),
  ])
  assert.deepEqual(groups, [
    [1n, '10', '2', null, null, '2020-03-03 00:00:00'],
    [1n, '11', 'x', null, null, '2020-03-01 00:00:00'],
    [7n, '10', '6', null, null, '2020-03-02 00:00:00'],
  ])
})

test('content_group goes by the later one of assignment and tags', async () => {
  const group = (partition_id: string, time: string, given: Given = {}) =>
    assigned({ partition_id, group_id: 1, group_name: 'A' }, time, given)
  const groups = await groupsOf([
    group('before', '2020-03-01T00:00:00Z'),
    tagged({ before: '2' }, 2),
    group('after', '2020-03-03T00:00:00Z'),
    tagged({ after: '2' }, 2),
    group('lower', '2020-03-02T00:00:00Z', { hash: 5n }),
    tagged({ lower: '2' }, 2, { hash: 6n }),
    group('higher', '2020-03-02T00:00:00Z', { hash: 6n }),
    tagged({ higher: '2' }, 2, { hash: 5n }),
    group('same', '2020-03-02T00:00:00Z', { user_tags: JSON.stringify({ same: '2' }) }),
  ])
  const [first, second, third] = ['2020-03-01 00:00:00', '2020-03-02 00:00:00', '2020-03-03 00:00:00']
  assert.deepEqual(groups, [
    [1n, 'after', '1', 'A', third, second],
    [1n, 'before', '2', 'A', first, second],
    [1n, 'higher', '1', 'A', second, second],
    [1n, 'lower', '2', 'A', second, second],
    [1n, 'same', '1', 'A', second, second],
  ])
})
