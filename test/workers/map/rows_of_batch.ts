// Reads the rows of a batch back, so that tests can compare what two ways of reading a line made of it.
import type { EventRow } from '../../../contracts/event.ts'
import type { BatchColumn, EventBatch } from '../../../workers/map/event_batch.ts'

/** Gives the rows of a batch by column; `time` is in microseconds. */
export function rowsOfBatch({ columns, rows }: EventBatch): Record<string, unknown>[] {
  return Array.from({ length: rows }, (_, at) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, cellOf(column, at)])),
  )
}

function cellOf(column: BatchColumn, at: number): unknown {
  if (column.kind === 'text') {
    const code = column.codes[at] ?? 0
    return code === 0 ? null : column.values[code - 1]
  }
  const is_valid = column.valid === null || ((column.valid[at >> 3] ?? 0) & (1 << (at & 7))) !== 0
  return is_valid ? column.values[at] : null
}

/** Gives an event row as `rowsOfBatch` gives it. */
export function cellsOfRow({ time_us, ...row }: EventRow): Record<string, unknown> {
  const cells = Object.entries(row).map(([name, value]) => [name, typeof value === 'boolean' ? Number(value) : value])
  return { ...Object.fromEntries(cells), time: BigInt(time_us) }
}
