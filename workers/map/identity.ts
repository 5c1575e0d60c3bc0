// Who acted, and whose state changed. Ids and names come in many forms; without one reading of them a learner would fall
// apart into several.
import type { Family } from '../../contracts/event.ts'
import { cleanText, type Fields } from './fields.ts'

const ID_MAX = 9_223_372_036_854_775_807n

/** Reads an id: a positive integer or a text of digits; null for anything else. */
export function readId(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : null
  if (typeof value !== 'string' || !/^\d{1,32}$/.test(value)) return null
  const id = BigInt(value)
  return id > 0n && id <= ID_MAX ? id : null
}

/** Reads a name: stripped, case kept. Empty and `anonymous` are no name. */
export function readName(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const name = cleanText(value).trim()
  return name === '' || name === 'anonymous' ? null : name
}

/** Someone known by id, or else by name, or not at all. */
interface Person {
  readonly id: bigint | null
  /** Only where there is no id. */
  readonly name: string | null
}

/** Makes a person of an id and, without one, a name. */
export const personOf = (id: bigint | null, name: string | null): Person => ({ id, name: id === null ? name : null })

/** Families whose events speak of the state of somebody who need not be the actor. */
export const STATE_FAMILIES: ReadonlySet<Family | null> = new Set<Family | null>([
  'enrollment',
  'certificate',
  'grade',
  'completion',
  'cohort',
  'team',
  'exam',
])

/** Events by which staff have a learner's answers scored again; they name the learner, by id or by name, as `student`. */
export const RESCORES: ReadonlySet<string> = new Set([
  'problem_rescore',
  'problem_rescore_fail',
  'rescore-student-submission',
])

/** Finds the one whose state an event changed; the actor when the payload names nobody else. */
export function subjectOf(given: {
  readonly event_type: string
  readonly family: Family | null
  readonly payload: Fields | null
  readonly actor: Person
}): Person {
  const { event_type, family, payload, actor } = given
  if (payload === null) return actor
  if (STATE_FAMILIES.has(family)) {
    const id = (family === 'exam' ? readId(payload.attempt_user_id) : null) ?? readId(payload.user_id)
    return id === null ? actor : personOf(id, null)
  }
  if (!RESCORES.has(event_type)) return actor
  const student = payload.student
  const named = typeof student === 'number' ? personOf(readId(student), null) : personOf(null, readName(student))
  return named.id === null && named.name === null ? actor : named
}
