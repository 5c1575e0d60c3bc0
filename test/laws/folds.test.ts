// The SQL of viewings and enrolments against plain folds over random histories.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldEnrolment, foldViewings } from './folds.ts'
import { grouped, resolver, sorted, written } from './histories.ts'
import { mergeAtOnce } from './merged_files.ts'
import { enrollment_world, video_world } from './random_world.ts'

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
