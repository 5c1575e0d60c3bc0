// Decompression, DuckDB's statements and files work on threads of libuv, of which a process has four unless told otherwise:
// on a machine of eight cores, map threads would wait for each other there.
import { cpuQuota } from './cpu.ts'

/** What one map thread may have at work at one time: a statement and a block to inflate. */
const TASKS_PER_THREAD = 2
/** For files and what else the process does. */
const TASKS_BESIDE = 2

/** Sizes libuv's pool, unless the environment does; in vain once anything has used it. */
export function sizeNativeThreads(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(TASKS_PER_THREAD * cpuQuota() + TASKS_BESIDE)
}
