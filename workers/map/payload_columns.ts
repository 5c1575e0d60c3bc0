// The columns of an event that come out of its payload. Only video, problem, sequence and enrolment events have some; all others
// share one frozen row of nulls, so that most lines never pay for them.
import type { EventRow, Family } from '../../contracts/event.ts'
import { cleanText, type Fields, isFields, readCount, readNumber, readText } from './fields.ts'
import { lastComponentOf } from './usage_key.ts'

export type PayloadColumns = Pick<
  EventRow,
  | 'block'
  | 'block_id'
  | 'position_s'
  | 'position_missing'
  | 'old_position_s'
  | 'new_position_s'
  | 'speed'
  | 'duration_s'
  | 'attempt'
  | 'grade'
  | 'max_grade'
  | 'success'
  | 'parts'
  | 'parts_correct'
  | 'display_name'
  | 'mode'
  | 'old_tab'
  | 'new_tab'
>

export const NO_COLUMNS: PayloadColumns = Object.freeze({
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
})

/** Reads the columns of a payload; `payload` is null when it is not an object that can be read. */
export function payloadColumns(event: {
  readonly family: Family | null
  readonly event_type: string
  readonly event_source: string
  readonly context: Fields | null
  readonly payload: Fields | null
}): PayloadColumns {
  const { family, payload } = event
  switch (family) {
    case 'video':
      return payload === null ? NO_COLUMNS : videoColumns(event.event_type, payload)
    case 'problem': {
      const display_name = displayNameOf(event.context?.module)
      if (payload === null) return display_name === null ? NO_COLUMNS : { ...NO_COLUMNS, display_name }
      const has_result = event.event_type === 'problem_check' && event.event_source === 'server'
      return problemColumns(payload, { display_name, has_result })
    }
    case 'sequence':
      return payload === null ? NO_COLUMNS : sequenceColumns(payload)
    case 'enrollment':
      return payload === null ? NO_COLUMNS : { ...NO_COLUMNS, mode: readText(payload.mode) }
    default:
      return NO_COLUMNS
  }
}

function videoColumns(event_type: string, payload: Fields): PayloadColumns {
  // Apps call it `module_id`, and edX has not always renamed it.
  const block = blockOf(payload.id) ?? blockOf(payload.module_id)
  const { currentTime, current_time, old_time, new_time } = payload
  return {
    ...NO_COLUMNS,
    block,
    block_id: block === null ? null : lastComponentOf(block),
    position_s: readNumber(currentTime ?? current_time),
    position_missing: currentTime === undefined && current_time === undefined,
    old_position_s: readNumber(old_time),
    new_position_s: readNumber(new_time),
    speed: readNumber(event_type === 'speed_change_video' ? payload.new_speed : payload.speed),
    duration_s: readNumber(payload.duration),
  }
}

function sequenceColumns(payload: Fields): PayloadColumns {
  const block = blockOf(payload.id)
  return {
    ...NO_COLUMNS,
    block,
    block_id: block === null ? null : lastComponentOf(block),
    old_tab: tabOf(readNumber(payload.old ?? payload.current_tab)),
    new_tab: tabOf(readNumber(payload.new ?? payload.target_tab)),
  }
}

/** Takes a whole number for the number of a unit; null for any other. */
export const tabOf = (number: number | null): bigint | null =>
  number !== null && Number.isSafeInteger(number) ? BigInt(number) : null

function problemColumns(
  payload: Fields,
  known: { readonly display_name: string | null; readonly has_result: boolean },
): PayloadColumns {
  const block = blockOf(payload.problem_id) ?? blockOf(payload.module_id) ?? blockOf(payload.problem)
  const columns = {
    ...NO_COLUMNS,
    block,
    block_id: block === null ? null : lastComponentOf(block),
    display_name: known.display_name,
  }
  if (!known.has_result) return columns
  return {
    ...columns,
    attempt: readCount(payload.attempts),
    grade: readNumber(payload.grade),
    max_grade: readNumber(payload.max_grade),
    success: successOf(payload.success),
    ...correctPartsOf(payload.correct_map),
  }
}

/** Reads a usage key; ids of the old era may begin with a newline. */
export function blockOf(value: unknown): string | null {
  const block = readText(value)?.trim() ?? ''
  return block === '' ? null : block
}

/** Reads the name that a problem shows, from `context.module`. */
export function displayNameOf(module: unknown): string | null {
  const name = isFields(module) ? module.display_name : null
  return typeof name === 'string' ? cleanText(name) : null
}

/** Reads whether a submission was right as a whole. */
export function successOf(value: unknown): boolean | null {
  if (value === 'correct') return true
  return value === 'incorrect' ? false : null
}

/** Counts the parts of a submission and the right ones among them; null when it does not tell. */
function correctPartsOf(correct_map: unknown): { readonly parts: bigint; readonly parts_correct: bigint } | null {
  if (!isFields(correct_map)) return null
  const parts = Object.values(correct_map)
  return { parts: BigInt(parts.length), parts_correct: BigInt(parts.filter(isCorrect).length) }
}

const isCorrect = (part: unknown): boolean => isFields(part) && part.correctness === 'correct'
