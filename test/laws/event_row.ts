// Makes event rows for tests: whatever a test does not speak of has the value of an event that carries nothing.
import type { EventRow } from '../../contracts/event.ts'

let made = 0

/** Makes an event; `time` is an ISO time, and every event has a hash of its own unless it is given. */
export function eventRow(given: Partial<EventRow> & { readonly time?: string } = {}): EventRow {
  const { time = '2020-03-01T12:00:00Z', ...fields } = given
  made += 1
  return {
    course_id: 'course-v1:ChalmersX+A1+2020',
    time_us: Date.parse(time) * 1000,
    hash: BigInt(made),
    bytes: 100,
    event_source: 'server',
    event_type: 'page:courseware',
    family: null,
    rescued: false,
    actor_id: null,
    actor_name: null,
    username: null,
    subject_id: null,
    subject_name: null,
    block: null,
    block_id: null,
    position_s: null,
    position_missing: false,
    old_position_s: null,
    new_position_s: null,
    speed: null,
    duration_s: null,
    attempt: null,
    grade: null,
    max_grade: null,
    success: null,
    parts: null,
    parts_correct: null,
    display_name: null,
    mode: null,
    old_tab: null,
    new_tab: null,
    synthesized: false,
    page_key: null,
    forum_action: null,
    module_id: null,
    user_tags: null,
    payload: null,
    kept: false,
    logged_type: null,
    country: null,
    ...fields,
  }
}
