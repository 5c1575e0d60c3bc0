// How declarations name the types of events that they look at.
import { literal } from './table_sql.ts'

/** Tells whether a canonical event type is one of `types`, in which a `*` at the end stands for any rest. */
export const isOfTypes = (event_type: string, types: readonly string[]): boolean =>
  types.some((type) => (type.endsWith('*') ? event_type.startsWith(type.slice(0, -1)) : event_type === type))

/** Spells the same as a condition on an SQL expression; false without types. */
export const ofTypesSql = (expression: string, types: readonly string[]): string => {
  const conditions = types.map((type) =>
    type.endsWith('*')
      ? `starts_with(${expression}, ${literal(type.slice(0, -1))})`
      : `${expression} = ${literal(type)}`,
  )
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`
}
