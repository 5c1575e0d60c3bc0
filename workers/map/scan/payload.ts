// Reads the fields of a payload for the families whose rows are made of it: an object, or text of an object. Whatever is
// neither, or has a field of an odd form, is left to the careful reader.
import { clear } from './bytes'
import { noteId } from './id'
import { noteNumber } from './number'
import { noteParts } from './parts'
import * as field from './payload_field'
import { payloadFieldOf } from './payload_field'
import { plainEnd, plainStart, writePlain } from './plain_text'
import * as record from './record'
import { had_escape, passString } from './string'
import { isNearlyFull, noteText } from './texts'
import { passSpace, passValue } from './value'
import { beginsNoJson } from './whole_payload'

const QUOTE: u8 = 0x22

const fields = heap.alloc(4 * record.PAYLOAD_WORDS)

export function payloadAddress(): usize {
  return fields
}

/** Reads the payload whose JSON stands at `at`: FIELDS, NO_FIELDS or DOUBTFUL. */
export function readPayload(at: usize, bytes: usize): i32 {
  if (bytes === 0) return record.NO_FIELDS
  if (isNearlyFull()) return record.DOUBTFUL
  const end = at + bytes
  const sign = load<u8>(at)
  if (sign === 0x7b) return readFields(at, end) === end ? record.FIELDS : record.DOUBTFUL
  if (sign !== QUOTE || bytes === 2) return record.NO_FIELDS
  const first = load<u8>(at + 1)
  if (beginsNoJson(first)) return record.NO_FIELDS
  if ((first !== 0x7b && first !== 0x5c) || !writePlain(at + 1, end - 1)) return record.DOUBTFUL
  const start = plainStart()
  const after = first === 0x7b ? readFields(start, plainEnd()) : passFormText(start, plainEnd())
  if (after === 0 || passSpace(after, plainEnd()) !== plainEnd()) return record.DOUBTFUL
  return first === 0x7b ? record.FIELDS : record.NO_FIELDS
}

/** Passes text of a text that is a form or nothing at all; 0 when it may be more. */
function passFormText(at: usize, end: usize): usize {
  return load<u8>(at) === QUOTE && beginsNoJson(load<u8>(at + 1)) ? passString(at + 1, end) : 0
}

/** Passes the object at `at` and notes its fields; gives the address behind it, 0 when there is a doubt. */
function readFields(at: usize, end: usize): usize {
  clear(fields, 4 * record.PAYLOAD_WORDS)
  at = passSpace(at + 1, end)
  if (at < end && load<u8>(at) === 0x7d) return at + 1
  while (true) {
    if (at >= end || load<u8>(at) !== QUOTE) return 0
    const key = at + 1
    at = passString(key, end)
    if (at === 0 || had_escape) return 0
    const name = payloadFieldOf(key, at - 1 - key)
    at = passSpace(at, end)
    if (at >= end || load<u8>(at) !== 0x3a) return 0
    const value = passSpace(at + 1, end)
    at = passValue(value, end, 1)
    if (at === 0 || (name !== field.OTHER && !noteField(name, value, at))) return 0
    at = passSpace(at, end)
    if (at >= end) return 0
    const sign = load<u8>(at)
    if (sign === 0x7d) return at + 1
    if (sign !== 0x2c) return 0
    at = passSpace(at + 1, end)
  }
}

function noteField(name: i32, at: usize, end: usize): bool {
  switch (name) {
    case field.USER_ID:
      return noteId(at, end, fields + 4 * record.SUBJECT_ID)
    case field.COURSE_ID:
      return noteText(at, end, fields + 4 * record.PAYLOAD_COURSE_ID)
    case field.MODE:
      return noteText(at, end, fields + 4 * record.MODE)
    case field.ID:
      return noteText(at, end, fields + 4 * record.BLOCK_KEY)
    case field.PROBLEM_ID:
      return noteText(at, end, fields + 4 * record.PROBLEM_ID)
    case field.MODULE_ID:
      return noteText(at, end, fields + 4 * record.MODULE_ID)
    case field.PROBLEM:
      return noteText(at, end, fields + 4 * record.PROBLEM)
    case field.SUCCESS:
      return noteText(at, end, fields + 4 * record.SUCCESS)
    case field.CORRECT_MAP:
      return noteParts(at, end, fields)
    case field.CURRENT_TIME:
      noteNumber(at, end, fields + 4 * record.CURRENT_TIME)
      return true
    case field.MOBILE_CURRENT_TIME:
      noteNumber(at, end, fields + 4 * record.MOBILE_CURRENT_TIME)
      return true
    case field.OLD_TIME:
      noteNumber(at, end, fields + 4 * record.OLD_TIME)
      return true
    case field.NEW_TIME:
      noteNumber(at, end, fields + 4 * record.NEW_TIME)
      return true
    case field.SPEED:
      noteNumber(at, end, fields + 4 * record.SPEED)
      return true
    case field.NEW_SPEED:
      noteNumber(at, end, fields + 4 * record.NEW_SPEED)
      return true
    case field.DURATION:
      noteNumber(at, end, fields + 4 * record.DURATION)
      return true
    case field.ATTEMPTS:
      noteNumber(at, end, fields + 4 * record.ATTEMPTS)
      return true
    case field.GRADE:
      noteNumber(at, end, fields + 4 * record.GRADE)
      return true
    case field.MAX_GRADE:
      noteNumber(at, end, fields + 4 * record.MAX_GRADE)
      return true
    case field.OLD_TAB:
      noteNumber(at, end, fields + 4 * record.OLD_TAB)
      return true
    case field.NEW_TAB:
      noteNumber(at, end, fields + 4 * record.NEW_TAB)
      return true
    case field.CURRENT_TAB:
      noteNumber(at, end, fields + 4 * record.CURRENT_TAB)
      return true
    case field.TARGET_TAB:
      noteNumber(at, end, fields + 4 * record.TARGET_TAB)
      return true
    default:
      return false
  }
}
