// Folds speak of one learner's events in order. This makes such histories of a world, by the rules of people and of order, and
// not by the SQL that is held against them.
import { createHash } from 'node:crypto'
import type { EventRow } from '../../contracts/event.ts'

/** Resolves learners as docs/rules.md says: an id stays, a name takes the smallest id seen with it, else a negative one. */
export function resolver(events: readonly EventRow[]): (id: bigint | null, name: string | null) => bigint | null {
  const ids = new Map<string, bigint>()
  for (const { actor_id, username } of events) {
    if (actor_id === null || username === null) continue
    const known = ids.get(username)
    if (known === undefined || actor_id < known) ids.set(username, actor_id)
  }
  return (id, name) => {
    if (id !== null || name === null) return id
    return ids.get(name) ?? -(1n + (createHash('sha256').update(name).digest().readBigUInt64BE() >> 2n))
  }
}

/** Groups ordered events by what `keyOf` tells; null leaves an event out. */
export function grouped(events: readonly EventRow[], keyOf: (event: EventRow) => readonly (string | bigint)[] | null) {
  const groups = new Map<string, { readonly key: readonly (string | bigint)[]; readonly events: EventRow[] }>()
  const ordered = [...events].sort((one, other) => one.time_us - other.time_us || (one.hash < other.hash ? -1 : 1))
  for (const event of ordered) {
    const key = keyOf(event)
    if (key === null) continue
    const name = key.map(String).join(' ')
    const group = groups.get(name) ?? { key, events: [] }
    groups.set(name, group)
    group.events.push(event)
  }
  return [...groups.values()]
}

/** A TIMESTAMP as DuckDB writes it. */
export function written(time_us: number | null): string | null {
  if (time_us === null) return null
  const fraction = String(time_us % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const seconds = new Date(Math.floor(time_us / 1_000_000) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  return fraction === '' ? seconds : `${seconds}.${fraction}`
}

/** Rows as comparable texts, in one order. */
export const sorted = (rows: readonly unknown[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))).sort()
