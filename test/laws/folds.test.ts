// The SQL of viewings and enrolments against plain folds over random histories.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'
import { foldEnrolment, foldViewings } from './folds.ts'
import { mergeAtOnce } from './merged_files.ts'
import { enrollment_world, video_world } from './random_world.ts'

/** Resolves learners as docs/rules.md says: an id stays, a name takes the smallest id seen with it, else a negative one. */
function resolver(events: readonly EventRow[]): (id: bigint | null, name: string | null) => bigint | null {
  const ids = new Map<string, bigint>()
  for (const { actor_id, username } of events) {
    if (actor_id === null || username === null) continue
    const known = ids.get(username)
    if (known === undefined || actor_id < known) ids.set(username, actor_id)
  }
  return (id, name) => {
    if (id !== null || name === null) return id
    return ids.get(name) ?? -(1n + (createHash('sha256').update(name).digest().readBigUInt64BE() >> 2n))
  }
}

/** Groups ordered events by what `keyOf` tells; null leaves an event out. */
function grouped(events: readonly EventRow[], keyOf: (event: EventRow) => readonly (string | bigint)[] | null) {
  const groups = new Map<string, { readonly key: readonly (string | bigint)[]; readonly events: EventRow[] }>()
  const ordered = [...events].sort((one, other) => one.time_us - other.time_us || (one.hash < other.hash ? -1 : 1))
  for (const event of ordered) {
    const key = keyOf(event)
    if (key === null) continue
    const name = key.map(String).join(' ')
    const group = groups.get(name) ?? { key, events: [] }
    groups.set(name, group)
    group.events.push(event)
  }
  return [...groups.values()]
}

/** A TIMESTAMP as DuckDB writes it. */
function written(time_us: number | null): string | null {
  if (time_us === null) return null
  const fraction = String(time_us % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const seconds = new Date(Math.floor(time_us / 1_000_000) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  return fraction === '' ? seconds : `${seconds}.${fraction}`
}

const sorted = (rows: readonly unknown[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))).sort()

test('video_viewing equals a fold over each learner and video', async () => {
  await fc.assert(
    fc.asyncProperty(video_world, async (events) => {
      const learner = resolver(events)
      const watched = grouped(events, (event) => {
        const user_id = learner(event.actor_id, event.actor_name)
        if (event.family !== 'video' || event.block_id === null || event.rescued) return null
        return user_id === null || event.course_id === null ? null : [event.course_id, user_id, event.block_id]
      })
      const expected = watched.flatMap(({ key: [course_id, user_id, video_id], events }) =>
        foldViewings(events).map((viewing, index) => ({
          course_id,
          user_id,
          video_id,
          viewing_no: index + 1,
          start_time: written(viewing.start_us),
          start_position_s: viewing.start,
          end_position_s: viewing.end,
          day: written(viewing.start_us)?.slice(0, 10),
          closed_by: viewing.closed_by,
        })),
      )
      const { published } = await mergeAtOnce(events)
      const found = (published.get('video_viewing') ?? []).map((row) => ({
        ...row,
        viewing_no: Number(row.viewing_no),
      }))
      assert.deepEqual(sorted(found), sorted(expected))
    }),
    { numRuns: 25, endOnFailure: true },
  )
})

test('enrollment equals a fold over each learner', async () => {
  await fc.assert(
    fc.asyncProperty(enrollment_world, async (events) => {
      const learner = resolver(events)
      const enrolled = grouped(events, (event) => {
        const user_id = learner(event.subject_id, event.subject_name)
        if (!event.event_type.startsWith('edx.course.enrollment.') || event.rescued) return null
        return user_id === null || event.course_id === null ? null : [event.course_id, user_id]
      })
      const expected = enrolled.flatMap(({ key: [course_id, user_id], events }) => {
        const state = foldEnrolment(events)
        if (state === null) return []
        const { is_active, mode, first_mode, first_us, last_unenrolled_us, first_verified_us, changes } = state
        return [
          {
            course_id,
            user_id,
            is_active,
            mode,
            first_mode,
            first_time: written(first_us),
            last_unenrolled: written(last_unenrolled_us),
            first_verified: written(first_verified_us),
            changes,
          },
        ]
      })
      const { published } = await mergeAtOnce(events)
      const found = (published.get('enrollment') ?? []).map((row) => ({ ...row, changes: Number(row.changes) }))
      assert.deepEqual(sorted(found), sorted(expected))
    }),
    { numRuns: 25, endOnFailure: true },
  )
})
