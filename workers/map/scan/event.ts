// Walks one line's object and notes what the rows are made of. It is sure or it says that it is not: every doubt (an odd
// form of time, a huge id, an escaped key, anything that is no JSON) is left to the careful reader, which decides alone.
import { areSame, clear } from './bytes'
import { readContext } from './context'
import * as field from './field'
import { fieldOf } from './field'
import { notePlace } from './place'
import * as record from './record'
import { had_escape, passString } from './string'
import { noteText } from './texts'
import { NO_TIMESTAMP, readTimestamp } from './timestamp'
import { passSpace, passValue } from './value'
import { isSurelyWhole } from './whole_payload'

const QUOTE: u8 = 0x22

/** Times from `from_us` on and before `before_us` are believed. */
let from_us: i64 = 0
let before_us: i64 = 0

export function believeTimes(from: i64, before: i64): void {
  from_us = from
  before_us = before
}

/** Reads the object from `at` to `end` into the record at `into`; false when it is not sure of all of it. */
export function readEvent(at: usize, end: usize, into: usize): bool {
  clear(into + 4 * record.TIME, 4 * (record.RECORD_WORDS - record.TIME))
  store<u32>(into + 4 * record.PAYLOAD_WHOLE, 1)
  let time = NO_TIMESTAMP
  let type: usize = 0
  let type_bytes: usize = 0
  at = passSpace(at + 1, end)
  while (true) {
    if (at >= end || load<u8>(at) !== QUOTE) return false
    const key = at + 1
    at = passString(key, end)
    if (at === 0 || had_escape) return false
    const name = fieldOf(key, at - 1 - key)
    at = passSpace(at, end)
    if (at >= end || load<u8>(at) !== 0x3a) return false
    const value = passSpace(at + 1, end)
    if (name === field.CONTEXT) at = readContext(value, end, into)
    else at = passValue(value, end, 1)
    if (at === 0) return false

    const is_text = load<u8>(value) === QUOTE
    switch (name) {
      case field.TIME:
        time = is_text ? readTimestamp(value + 1, at - value - 2) : NO_TIMESTAMP
        break
      case field.EVENT_TYPE:
        if (!noteText(value, at, into + 4 * record.EVENT_TYPE)) return false
        type = value
        type_bytes = at - value
        break
      case field.EVENT_SOURCE:
        if (!noteText(value, at, into + 4 * record.EVENT_SOURCE)) return false
        break
      case field.USERNAME:
        if (!noteText(value, at, into + 4 * record.USERNAME)) return false
        break
      case field.EVENT:
        notePlace(value, at, into + 4 * record.PAYLOAD)
        store<u32>(into + 4 * record.PAYLOAD_WHOLE, !is_text || isSurelyWhole(value + 1, at - 1) ? 1 : 0)
        break
      case field.PAGE:
        notePlace(value, is_text ? at : value, into + 4 * record.PAGE)
        break
      case field.IP:
        notePlace(value, is_text ? at : value, into + 4 * record.IP)
        break
      case field.SYNTHESIZED:
        store<u32>(into + 4 * record.SYNTHESIZED, load<u8>(value) === 0x7b ? 1 : 0)
        break
    }

    at = passSpace(at, end)
    if (at >= end) return false
    const sign = load<u8>(at)
    if (sign === 0x7d) break
    if (sign !== 0x2c) return false
    at = passSpace(at + 1, end)
  }
  if (at + 1 !== end || time < from_us || time >= before_us) return false
  store<i64>(into + 4 * record.TIME, time)
  store<u32>(into + 4 * record.PATH_IS_TYPE, isSame(into + 4 * record.PATH, type, type_bytes) ? 1 : 0)
  return load<u32>(into + 4 * record.EVENT_TYPE) !== 0 && load<u32>(into + 4 * record.EVENT_SOURCE) !== 0
}

/** Tells whether the JSON at a noted place is that at another address. */
function isSame(place: usize, at: usize, bytes: usize): bool {
  return load<u32>(place, 4) === <u32>bytes && areSame(load<u32>(place), at, bytes)
}
