// The SQL of derived tables against slow folds over random histories.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'
import { foldEnrolledDays, foldSeconds, foldSessions, foldTimeOnTask, foldWatched, KINDS } from './derived_folds.ts'
import { foldViewings } from './folds.ts'
import { grouped, resolver, sorted, written } from './histories.ts'
import { type MergedFiles, mergeAtOnce, type Rows } from './merged_files.ts'
import { enrollment_world, watching_world } from './random_world.ts'

type Check = (events: readonly EventRow[], files: MergedFiles) => void

/** Holds what is merged of random worlds against checks: one merge serves them all. */
async function assertChecks(world: fc.Arbitrary<readonly EventRow[]>, checks: readonly Check[]): Promise<void> {
  const property = fc.asyncProperty(world, async (events) => {
    const files = await mergeAtOnce(events)
    for (const check of checks) check(events, files)
  })
  await fc.assert(property, { numRuns: 15, endOnFailure: true })
}

test('sessions, time on task and watched seconds equal folds over each learner', async () => {
  await assertChecks(watching_world, [checkSessions, checkTimeOnTask, checkSeconds, checkWatched, checkTimeline])
})

test('enrollment_day equals a fold over each learner up to each day', async () => {
  await assertChecks(enrollment_world, [checkEnrolledDays])
})

/** Rows of a table without the course, which is one; counts as numbers, which are small. */
const rowsOf = ({ published }: MergedFiles, table: string): Rows =>
  (published.get(table) ?? []).map(({ course_id, ...row }) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'bigint' && name !== 'user_id' ? Number(value) : value,
      ]),
    ),
  )

/** Histories of learners; with `by_video`, of learners with a video. */
function histories(events: readonly EventRow[], by_video = false) {
  const learner = resolver(events)
  const groups = grouped(events, (event) => {
    const user_id = learner(event.actor_id, event.actor_name)
    if (user_id === null || event.course_id === null) return null
    if (!by_video) return [user_id]
    return event.family !== 'video' || event.block_id === null || event.rescued ? null : [user_id, event.block_id]
  })
  return groups.map(({ key: [user_id, video_id], events }) => ({ user_id, video_id, events }))
}

function checkSessions(events: readonly EventRow[], files: MergedFiles): void {
  const expected = histories(events).flatMap(({ user_id, events }) =>
    foldSessions(events).map((session, at) => {
      const [start_us, end_us] = [session.at(0)?.time_us ?? 0, session.at(-1)?.time_us ?? 0]
      return {
        user_id,
        session_no: at + 1,
        start_time: written(start_us),
        end_time: written(end_us),
        events: session.length,
        duration_s: (end_us - start_us) / 1e6,
        page_closes: session.filter(({ event_type }) => event_type === 'page_close').length,
      }
    }),
  )
  assert.deepEqual(sorted(rowsOf(files, 'session')), sorted(expected))
}

function checkTimeOnTask(events: readonly EventRow[], files: MergedFiles): void {
  const expected = histories(events).flatMap(({ user_id, events }) =>
    [...foldTimeOnTask(events)].map(([day, sums]) => ({
      user_id,
      day,
      ...Object.fromEntries(
        KINDS.flatMap((kind) => [5, 30].map((at) => [`${kind}_${at}_s`, (sums[`${kind}_${at}`] ?? 0) / 1e6])),
      ),
    })),
  )
  assert.deepEqual(sorted(rowsOf(files, 'time_on_task_day')), sorted(expected))
}

function checkSeconds(events: readonly EventRow[], files: MergedFiles): void {
  const expected = histories(events, true).flatMap(({ user_id, video_id, events }) =>
    [...foldSeconds(events)].map(([second, watch_count]) => ({ user_id, video_id, second, watch_count })),
  )
  assert.deepEqual(sorted(rowsOf(files, 'main.video_second')), sorted(expected))
  const ranges = rowsOf(files, 'video_segment')
  const touching = ranges.filter((range) =>
    ranges.some(
      (other) =>
        other.user_id === range.user_id &&
        other.video_id === range.video_id &&
        Number(other.first_second) === Number(range.last_second) + 1 &&
        other.watch_count === range.watch_count,
    ),
  )
  assert.deepEqual(touching, [])
}

function checkWatched(events: readonly EventRow[], files: MergedFiles): void {
  const expected = histories(events, true).map(({ user_id, video_id, events }) => {
    const { watched, viewed } = foldWatched(foldViewings(events))
    return { user_id, video_id, watched_s: watched / 1000, rewatched_s: (viewed - watched) / 1000 }
  })
  const found = rowsOf(files, 'video_learner').map(({ user_id, video_id, watched_s, rewatched_s }) => ({
    user_id,
    video_id,
    watched_s,
    rewatched_s,
  }))
  assert.deepEqual(sorted(found), sorted(expected))
}

function checkTimeline(events: readonly EventRow[], files: MergedFiles): void {
  const segments = new Map<string, { readonly learners: Set<unknown>; views: number }>()
  for (const { user_id, video_id, events: own } of histories(events, true))
    for (const { start, end } of foldViewings(own))
      for (let segment = Math.floor(start / 5); segment <= Math.floor(end / 5); segment += 1) {
        const key = `${video_id} ${segment}`
        const counts = segments.get(key) ?? { learners: new Set(), views: 0 }
        segments.set(key, counts)
        counts.learners.add(user_id)
        counts.views += 1
      }
  const expected = [...segments].map(([key, { learners, views }]) => `${key} ${learners.size} ${views}`)
  const found = rowsOf(files, 'video_timeline').map((row) => Object.values(row).join(' '))
  assert.deepEqual(found.toSorted(), expected.toSorted())
}

const DAY_US = 86_400_000_000

function checkEnrolledDays(events: readonly EventRow[], files: MergedFiles): void {
  const learner = resolver(events)
  const changes = grouped(events, (event) => {
    const user_id = learner(event.subject_id, event.subject_name)
    return user_id === null || event.rescued ? null : [user_id]
  })
  const dayOf = (event: EventRow): number => Math.floor(event.time_us / DAY_US)
  const first = Math.min(...changes.flatMap((one) => one.events.map(dayOf)))
  const last = Math.max(...events.map(dayOf))
  const days = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  const enrolled = foldEnrolledDays(
    changes.map((one) => one.events),
    days.map((day) => (day + 1) * DAY_US - 1),
  )
  const expected = [...enrolled].flatMap(([mode, rows]) =>
    rows.map((row, at) => {
      const day = written((days[at] ?? 0) * DAY_US)?.slice(0, 10)
      return {
        day,
        mode,
        at_end: row.at_end,
        change: row.joined - row.lapsed,
        joined: row.joined,
        lapsed: row.lapsed,
        ever: row.ever,
      }
    }),
  )
  assert.deepEqual(sorted(rowsOf(files, 'enrollment_day')), sorted(expected))
  for (const { mode, day, at_end } of rowsOf(files, 'enrollment_day')) {
    const earlier = rowsOf(files, 'enrollment_day').filter((row) => row.mode === mode && String(row.day) <= String(day))
    assert.equal(
      earlier.reduce((sum, { change }) => sum + Number(change), 0),
      at_end,
    )
  }
}
