// What a thread opens once and uses for one log file after the other: the database in which slices are aggregated, the
// scanner of lines and the buffer through which events get there. Opening them anew for every day would cost more than a small day itself.
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { EventBatch } from './event_batch.ts'
import { LineScanner } from './line_scanner.ts'

export interface MapTools extends AsyncDisposable {
  readonly batch: EventBatch
  readonly scanner: LineScanner
  /** An empty in-memory database; nothing in it outlives the job that it is handed to. */
  database(): Promise<Database>
  /** Empties everything after a job that ended well. */
  clean(): Promise<void>
  /** Throws the database away, after a job that failed in whatever state. */
  discard(): Promise<void>
}

/** Prepares the tools of one thread; the database is opened when it is first wanted. */
export function openMapTools(options: { readonly memory_mb: number }): MapTools {
  const batch = new EventBatch()
  const scanner = new LineScanner()
  let database: Database | null = null
  const discard = async (): Promise<void> => {
    batch.clear()
    const old = database
    database = null
    await old?.[Symbol.asyncDispose]()
  }
  return {
    batch,
    scanner,
    database: async () => {
      // One thread of ours, one of DuckDB's; no spilling, so that no event touches a disk.
      database ??= await openDatabase({
        path: ':memory:',
        threads: 1,
        memory_mb: options.memory_mb,
        temp_directory: null,
      })
      return database
    },
    clean: async () => {
      batch.clear()
      await database?.run('drop schema if exists part cascade')
    },
    discard,
    [Symbol.asyncDispose]: discard,
  }
}
