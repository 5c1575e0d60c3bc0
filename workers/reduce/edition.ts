// An edition is named by all that decides its content. If a merge would give a course the name it has, nothing is built:
// without that, every merge after a crash would rebuild a thousand courses that are right already.
import { createHash } from 'node:crypto'
import { type Days, mergedDays } from './pending.ts'

/** Names the edition of a course: its days, the declarations, and what its names without an id resolve to. */
export function editionOf(given: {
  /** Of the set of tables. */
  readonly declarations: string
  readonly course_id: string
  readonly days: Days
  readonly names: readonly (readonly [name: string, user_id: string | null])[]
}): string {
  const decisive = JSON.stringify([given.declarations, given.course_id, mergedDays(given.days), given.names])
  return createHash('sha256').update(decisive).digest('hex').slice(0, 32)
}
