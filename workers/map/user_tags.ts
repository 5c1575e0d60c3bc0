// Events of courses with experiments say in their context which group of each partition their learner is in, long after the
// assignment was logged, or where it never was. Without this only assignments could tell.
import { type Fields, isFields, readText } from './fields.ts'

/** Keys of tags that name a partition; whatever else is tagged is nobody's group. */
const PARTITION = /^xblock\.partition_service\.partition_(\d+)$/

/** More text than this is no learner's groups: a course has a handful of partitions. */
const CHARS_MAX = 4_096

/**
 * Reads which group of each partition an event's learner is in, from `context.course_user_tags`: JSON of an object of group
 * ids by partition id, in the order of the partition ids as text. NULL when it names no group.
 */
export function userTagsOf(tags: unknown): string | null {
  if (!isFields(tags)) return null
  const members = groupsIn(tags).map(([partition, group]) => `"${partition}":${JSON.stringify(group)}`)
  const text = `{${members.join(',')}}`
  return members.length === 0 || text.length > CHARS_MAX ? null : text
}

function groupsIn(tags: Fields): (readonly [string, string])[] {
  const groups: (readonly [string, string])[] = []
  for (const key in tags) {
    const partition = PARTITION.exec(key)?.[1]
    const group = partition === undefined ? null : groupOf(tags[key])
    if (partition !== undefined && group !== null) groups.push([partition, group])
  }
  return groups.sort(([one], [other]) => (one < other ? -1 : 1))
}

const WHOLE = /^-?\d+$/

/** Reads a text, or a whole number as its digits. One too large for a JavaScript number is none: its last digits may be lost. */
function groupOf(value: unknown): string | null {
  const text = Number.isSafeInteger(value) ? String(value) : readText(value)?.trim()
  if (text === undefined || text === '') return null
  return WHOLE.test(text) && !Number.isSafeInteger(Number(text)) ? null : text
}
