// What a thread opens once and uses for one log file after the other: the database in which slices are aggregated, the
// scanner of lines and the buffer through which events get there. Opening them anew for every day would cost more than a
// small day itself.
import type { TableSet } from '../../contracts/table_set.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { Aggregator } from './aggregate.ts'
import { EventBatch } from './event_batch.ts'
import { LineScanner } from './line_scanner.ts'

export interface MapTools extends AsyncDisposable {
  readonly batch: EventBatch
  readonly scanner: LineScanner
  /** Gives the aggregator, with nothing of an earlier job in it. */
  aggregator(): Promise<Aggregator>
  /** Throws away what a job that failed left, in whatever state. */
  discard(): Promise<void>
}

export interface MapToolsOptions {
  /** Memory of the database. */
  readonly memory_mb: number
  readonly tables: TableSet
  readonly scratch: string
}

/** Prepares the tools of one thread; the database is opened when it is first wanted. */
export function openMapTools({ memory_mb, tables, scratch }: MapToolsOptions): MapTools {
  const batch = new EventBatch()
  const scanner = new LineScanner()
  let opened: { readonly database: Database; readonly aggregator: Aggregator } | null = null
  const discard = async (): Promise<void> => {
    batch.clear()
    const old = opened
    opened = null
    await old?.aggregator[Symbol.asyncDispose]()
    await old?.database[Symbol.asyncDispose]()
  }
  const open = async () => {
    // One thread of ours, one of DuckDB's; no spilling, so that no event touches a disk.
    const database = await openDatabase({ path: ':memory:', threads: 1, memory_mb, temp_directory: null })
    try {
      return { database, aggregator: await Aggregator.open({ database, tables, scratch }) }
    } catch (error) {
      await database[Symbol.asyncDispose]()
      throw error
    }
  }
  return {
    batch,
    scanner,
    aggregator: async () => {
      opened ??= await open()
      return opened.aggregator
    },
    discard,
    [Symbol.asyncDispose]: discard,
  }
}
