// Reads the `context` of an event: who acted, in which course, and where the careful questions find their answers.

import * as field from './field'
import { fieldOf } from './field'
import { noteId } from './id'
import { notePlace } from './place'
import * as record from './record'
import { had_escape, passString } from './string'
import { noteJson, noteText } from './texts'
import { passSpace, passValue } from './value'

const QUOTE: u8 = 0x22

/** Passes the context at `at` and notes its fields; gives the address behind it, 0 when there is a doubt. */
export function readContext(at: usize, end: usize, into: usize): usize {
  // Of two contexts the last counts, with nothing of the first.
  store<u64>(into + 4 * record.USER_ID, 0)
  store<u64>(into + 4 * record.COURSE_ID, 0)
  store<u64>(into + 4 * record.PATH, 0)
  store<u32>(into + 4 * record.MODULE, 0)
  store<u32>(into + 4 * record.CONTEXT, 0)
  store<u32>(into + 4 * record.USER_TAGS, 0)
  if (at >= end) return 0
  if (load<u8>(at) !== 0x7b) return passValue(at, end, 1)
  store<u32>(into + 4 * record.CONTEXT, 1)
  at = passSpace(at + 1, end)
  if (at < end && load<u8>(at) === 0x7d) return at + 1
  while (true) {
    if (at >= end || load<u8>(at) !== QUOTE) return 0
    const key = at + 1
    at = passString(key, end)
    if (at === 0 || had_escape) return 0
    const name = fieldOf(key, at - 1 - key)
    at = passSpace(at, end)
    if (at >= end || load<u8>(at) !== 0x3a) return 0
    const value = passSpace(at + 1, end)
    at = passValue(value, end, 2)
    if (at === 0) return 0
    switch (name) {
      case field.USER_ID:
        if (!noteId(value, at, into + 4 * record.USER_ID)) return 0
        break
      case field.COURSE_ID:
        if (!noteText(value, at, into + 4 * record.COURSE_ID)) return 0
        break
      case field.USERNAME:
        if (!noteText(value, at, into + 4 * record.CONTEXT_USERNAME)) return 0
        break
      case field.PATH:
        notePlace(value, load<u8>(value) === QUOTE ? at : value, into + 4 * record.PATH)
        break
      case field.MODULE:
        if (!noteJson(value, at, into + 4 * record.MODULE)) return 0
        break
      case field.COURSE_USER_TAGS:
        if (load<u8>(value) !== 0x7b || at - value === 2) store<u32>(into + 4 * record.USER_TAGS, 0)
        else if (!noteJson(value, at, into + 4 * record.USER_TAGS)) return 0
        break
    }
    at = passSpace(at, end)
    if (at >= end) return 0
    const sign = load<u8>(at)
    if (sign === 0x7d) return at + 1
    if (sign !== 0x2c) return 0
    at = passSpace(at + 1, end)
  }
}
