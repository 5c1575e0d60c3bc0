// Small random worlds, dense with what breaks tables: ties, midnights, names without ids, staff, seeks, late twins.
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'
import { eventRow } from './event_row.ts'
import { answered } from './world_answers.ts'
import { paged } from './world_pages.ts'
import { state } from './world_states.ts'
import { tool } from './world_tools.ts'
import { watching } from './world_watching.ts'

const COURSES = ['course-v1:ChalmersX+A1+2020', 'ChalmersX/A1/2013']
const DAY_US = 86_400_000_000
const START_US = Date.UTC(2020, 1, 28) * 1000

/** Times around midnights, a few seconds or exactly a limit apart, so that ties and edges are common. */
const time = fc
  .record({
    day: fc.integer({ min: 0, max: 3 }),
    offset: fc.constantFrom(
      0,
      1,
      1_000_000,
      299_999_999,
      300_000_000,
      300_000_001,
      600_000_000,
      1_799_999_999,
      1_800_000_000,
      -1,
    ),
    seconds: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ day, offset, seconds }) => START_US + day * DAY_US + offset + seconds * 1_000_000)

const anna = fc.constantFrom<Pick<EventRow, 'actor_id' | 'actor_name' | 'username'>>(
  { actor_id: 1n, actor_name: null, username: 'anna' },
  { actor_id: null, actor_name: 'anna', username: 'anna' },
  { actor_id: null, actor_name: 'nemo', username: 'nemo' },
)

/** Learners with an id, with both, with a name alone that others' events resolve, or never; and nobody. */
const actor = fc.constantFrom<Pick<EventRow, 'actor_id' | 'actor_name' | 'username'>>(
  { actor_id: 1n, actor_name: null, username: 'anna' },
  { actor_id: 1n, actor_name: null, username: null },
  { actor_id: 7n, actor_name: null, username: 'anna' },
  { actor_id: null, actor_name: 'anna', username: 'anna' },
  { actor_id: 2n, actor_name: null, username: 'Åke' },
  { actor_id: null, actor_name: 'Åke', username: 'Åke' },
  { actor_id: null, actor_name: 'nemo', username: 'nemo' },
  { actor_id: null, actor_name: null, username: null },
)

const position = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 0.1, 0.35, 5, 12.5, 13, 13.6, 60) },
  { weight: 1, arbitrary: fc.constantFrom(null, 36_000, 36_000.5, -1) },
)
const block = fc.constantFrom('v1', 'v1', 'v2').map((id) => ({ block_id: id, block: `i4x://ChalmersX/A1/video/${id}` }))

const video = fc.record({
  event_type: fc.constantFrom('play_video', 'play_video', 'pause_video', 'stop_video', 'seek_video', 'load_video'),
  family: fc.constant('video' as const),
  event_source: fc.constantFrom('browser', 'mobile'),
  position_s: position,
  position_missing: fc.boolean(),
  old_position_s: position,
  new_position_s: position,
  duration_s: fc.constantFrom(null, null, 0, -1, 12, 60),
  speed: fc.constantFrom(null, 1, 1.5),
})

const problem = fc.record({
  event_type: fc.constantFrom(
    'problem_check',
    'problem_check',
    'showanswer',
    'edx.problem.hint.demandhint_displayed',
    'reset_problem',
    'save_problem_success',
  ),
  family: fc.constant('problem' as const),
  event_source: fc.constantFrom('server', 'server', 'browser'),
  attempt: fc.constantFrom(null, 1n, 2n, 5n),
  grade: fc.constantFrom(null, 0, 0.5, 2),
  max_grade: fc.constantFrom(null, 0, 1, 3),
  success: fc.constantFrom(null, true, false),
  parts: fc.constantFrom(null, 2n),
  parts_correct: fc.constantFrom(null, 1n),
  display_name: fc.constantFrom(null, 'Quiz', 'Quiz 2'),
})

const enrollment = fc
  .record({
    event_type: fc
      .constantFrom('activated', 'deactivated', 'mode_changed')
      .map((name) => `edx.course.enrollment.${name}`),
    family: fc.constant('enrollment' as const),
    event_source: fc.constant('server'),
    mode: fc.constantFrom(null, 'audit', 'verified'),
    synthesized: fc.boolean(),
    subject: actor,
  })
  .map(({ subject, ...fields }) => ({
    ...fields,
    block: null,
    block_id: null,
    subject_id: subject.actor_id,
    subject_name: subject.actor_name,
  }))

const other = fc.constantFrom<Partial<EventRow>>(
  { event_type: 'page:courseware' },
  { event_type: 'xblock:problem_get' },
  { event_type: 'page_close', event_source: 'browser' },
  { event_type: 'seq_next', event_source: 'browser', family: 'sequence' },
  { event_type: 'book', event_source: 'browser', family: 'text' },
  { event_type: 'edx.forum.thread.created', family: 'forum' },
  { event_type: 'edx.forum.thread.viewed', family: 'forum', event_source: 'mobile' },
)

type Payload = fc.Arbitrary<Partial<EventRow>>

const eventWith = (payload: Payload, course: fc.Arbitrary<string | null>, who = actor): fc.Arbitrary<EventRow> =>
  fc
    .record({
      time_us: time,
      hash: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
      bytes: fc.integer({ min: 2, max: 4_000_000 }),
      course_id: course,
      actor: who,
      block: fc.option(block, { nil: { block: null, block_id: null }, freq: 8 }),
      payload,
      kept: fc.integer({ min: 0, max: 3 }).map((one) => one === 3),
      country: fc.constantFrom(null, null, 'SE', 'US'),
      rescued: fc.integer({ min: 0, max: 9 }).map((one) => one === 9),
    })
    .map(({ actor, block, payload, ...given }) => {
      const { kept } = given
      const fields = { ...given, logged_type: kept ? (payload.event_type ?? 'page_close') : null }
      const subject = { subject_id: actor.actor_id, subject_name: actor.actor_name }
      if (!fields.rescued) return eventRow({ ...fields, ...actor, ...subject, ...block, ...payload })
      const { event_type = 'page_close', event_source = 'browser', family = null } = payload
      return eventRow({ ...fields, ...actor, ...subject, event_type, event_source, family })
    })

/** Up to 60 events, some of them logged twice. */
const worldOf = (event: fc.Arbitrary<EventRow>): fc.Arbitrary<readonly EventRow[]> =>
  fc
    .tuple(
      fc.array(event, { minLength: 40, maxLength: 60, size: 'max' }),
      fc.array(fc.nat(), { maxLength: 4, size: 'max' }),
    )
    .map(([events, twins]) => [...events, ...twins.flatMap((at) => events[at % events.length] ?? [])])

const one_course = fc.constant(COURSES[0] ?? null)
const any_course = fc.constantFrom(...COURSES, null)

/** Worlds of one course and one kind of event: long histories of few learners. */
export const video_world = worldOf(eventWith(video, one_course, anna))
export const problem_world = worldOf(eventWith(problem, one_course, anna))
export const enrollment_world = worldOf(eventWith(enrollment, one_course, anna))
export const watching_world = worldOf(eventWith(watching, one_course, anna))

/** A world of any kind. */
export const world: fc.Arbitrary<readonly EventRow[]> = fc.oneof(
  worldOf(eventWith(fc.oneof(video, problem, enrollment, other), any_course)),
  video_world,
  problem_world,
  enrollment_world,
  worldOf(eventWith(state, one_course, anna)),
  watching_world,
  worldOf(eventWith(tool, one_course, anna)),
  worldOf(eventWith(paged, one_course)),
  worldOf(eventWith(answered, one_course, anna)),
)
