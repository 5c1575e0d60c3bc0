// The one buffer between the reading of lines and the SQL of the tables. Rows enter as columns of numbers and dictionary
// codes, so that a slice reaches DuckDB by copying memory, and a thread's memory follows the slice, not the file.
import type { EventColumnName, EventRow } from '../../contracts/event.ts'
import { SLICE_EVENTS_MAX, SLICE_PAYLOAD_CHARS_MAX } from '../../contracts/limits.ts'
import {
  BooleanColumn,
  DoubleColumn,
  IntegerColumn,
  LongColumn,
  LongTextColumn,
  TextColumn,
  TimestampColumn,
} from './batch_column.ts'

export type BatchColumn =
  | BooleanColumn
  | DoubleColumn
  | IntegerColumn
  | LongColumn
  | LongTextColumn
  | TextColumn
  | TimestampColumn

/** Holds up to `capacity` events. Fill it with `append`, read `columns` when it is `full`, then `clear` it. */
export class EventBatch {
  readonly capacity: number
  readonly columns
  #rows = 0

  constructor(capacity: number = SLICE_EVENTS_MAX) {
    this.capacity = capacity
    const text = (): TextColumn => new TextColumn(capacity)
    const long = (): LongColumn => new LongColumn(capacity)
    const double = (): DoubleColumn => new DoubleColumn(capacity)
    const flag = (): BooleanColumn => new BooleanColumn(capacity)
    this.columns = {
      course_id: text(),
      time: new TimestampColumn(capacity),
      hash: long(),
      bytes: new IntegerColumn(capacity),
      event_source: text(),
      event_type: text(),
      family: text(),
      rescued: flag(),
      actor_id: long(),
      actor_name: text(),
      username: text(),
      subject_id: long(),
      subject_name: text(),
      block: text(),
      block_id: text(),
      position_s: double(),
      position_missing: flag(),
      old_position_s: double(),
      new_position_s: double(),
      speed: double(),
      duration_s: double(),
      attempt: long(),
      grade: double(),
      max_grade: double(),
      success: flag(),
      parts: long(),
      parts_correct: long(),
      display_name: text(),
      mode: text(),
      old_tab: long(),
      new_tab: long(),
      synthesized: flag(),
      page_key: text(),
      forum_action: text(),
      module_id: text(),
      user_tags: text(),
      payload: new LongTextColumn(capacity),
      kept: flag(),
      logged_type: text(),
      country: text(),
    } satisfies Record<EventColumnName, BatchColumn>
  }

  /** Events held now. */
  get rows(): number {
    return this.#rows
  }

  /** It should be taken before more is added: it has no place left, or long payloads. */
  get full(): boolean {
    return this.#rows === this.capacity || this.columns.payload.chars >= SLICE_PAYLOAD_CHARS_MAX
  }

  /** Gives the place of one more event, in which every text is NULL. The caller looks at `full` first. */
  next(): number {
    const at = this.#rows
    if (at === this.capacity) throw new Error('An event was appended to a full batch')
    this.#rows = at + 1
    return at
  }

  /** Adds an event. The caller looks at `full` first. */
  append(event: EventRow): void {
    const at = this.next()
    const { columns } = this
    columns.course_id.set(at, event.course_id)
    columns.time.set(at, event.time_us)
    columns.hash.set(at, event.hash)
    columns.bytes.set(at, event.bytes)
    columns.event_source.set(at, event.event_source)
    columns.event_type.set(at, event.event_type)
    columns.family.set(at, event.family)
    columns.rescued.set(at, event.rescued)
    columns.actor_id.set(at, event.actor_id)
    columns.actor_name.set(at, event.actor_name)
    columns.username.set(at, event.username)
    columns.subject_id.set(at, event.subject_id)
    columns.subject_name.set(at, event.subject_name)
    columns.block.set(at, event.block)
    columns.block_id.set(at, event.block_id)
    columns.position_s.set(at, event.position_s)
    columns.position_missing.set(at, event.position_missing)
    columns.old_position_s.set(at, event.old_position_s)
    columns.new_position_s.set(at, event.new_position_s)
    columns.speed.set(at, event.speed)
    columns.duration_s.set(at, event.duration_s)
    columns.attempt.set(at, event.attempt)
    columns.grade.set(at, event.grade)
    columns.max_grade.set(at, event.max_grade)
    columns.success.set(at, event.success)
    columns.parts.set(at, event.parts)
    columns.parts_correct.set(at, event.parts_correct)
    columns.display_name.set(at, event.display_name)
    columns.mode.set(at, event.mode)
    columns.old_tab.set(at, event.old_tab)
    columns.new_tab.set(at, event.new_tab)
    columns.synthesized.set(at, event.synthesized)
    columns.page_key.set(at, event.page_key)
    columns.forum_action.set(at, event.forum_action)
    columns.module_id.set(at, event.module_id)
    columns.user_tags.set(at, event.user_tags)
    columns.payload.set(at, event.payload)
    columns.kept.set(at, event.kept)
    columns.logged_type.set(at, event.logged_type)
    columns.country.set(at, event.country)
  }

  /** Forgets all events and every string they brought. */
  clear(): void {
    for (const column of Object.values<BatchColumn>(this.columns)) column.clear()
    this.#rows = 0
  }
}
