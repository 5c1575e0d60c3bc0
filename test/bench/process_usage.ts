// What a process has used so far, as the kernel counts it: all its threads, those of zlib and DuckDB included.
import { readFile } from 'node:fs/promises'

/** Clock ticks of /proc on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** Reads the CPU seconds (user and system) of a process. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in brackets and may hold anything; utime and stime are 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Reads the most memory that a process ever had resident. */
export async function peakMemoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(status)
  if (found === null) throw new Error(`The kernel tells no peak memory of process ${pid}`)
  return Number(found[1]) * 1024
}
