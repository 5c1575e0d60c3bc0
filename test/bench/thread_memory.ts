// What another thread costs in memory, on days of very different sizes: memory that follows the file would make the largest
// day of twenty years decide what machine is needed.
import { linkedDays } from './linked_days.ts'
import { longDay } from './long_day.ts'
import { withWorker } from './measured_worker.ts'
import type { Bench, Figure, Section } from './section.ts'
import { type Spread, spreadOf } from './spread.ts'

const BYTES_MAX = 250e6
const TOLERANCE = 0.1
const GIGABYTES = [0.25, 1, 4] as const
/**
 * What each thread reads at least, in days of one size. A process takes a while to grow to what it needs for good, and a
 * worker lives for long: without it the sizes would differ by how far it got.
 */
const GIGABYTES_READ = 2
const QUICK = { gigabytes: [0.25, 4], share: 0.004 } as const

/** Peak memory of a worker with two threads minus that of one with one, each thread on a day of its own. */
export const threadMemory: Section = {
  key: 'e',
  name: `Peak resident memory of another thread, on days of ${GIGABYTES.join(', ')} GB extracted`,
  target: `at most ${BYTES_MAX / 1e6} MB, equal within ${TOLERANCE * 100} % for all sizes`,
  laps: [],
  measure: async (bench) => {
    const figures: Figure[] = []
    const extras: Spread[] = []
    for (const gigabytes of bench.quick ? QUICK.gigabytes : GIGABYTES) {
      const { one, two, extra } = await measureDays(gigabytes, bench)
      extras.push(extra)
      figures.push(
        { name: `another thread, ${gigabytes} GB`, unit: 'bytes', spread: extra },
        { name: `one thread, ${gigabytes} GB`, unit: 'bytes', spread: one },
        { name: `two threads, ${gigabytes} GB each`, unit: 'bytes', spread: two },
      )
    }
    const medians = extras.map((extra) => extra.median)
    const [least, most] = [Math.min(...medians), Math.max(...medians)]
    figures.push({ name: 'another thread, most / least of the sizes', unit: 'times', spread: spreadOf([most / least]) })
    return {
      figures,
      met: most <= BYTES_MAX && most / least <= 1 + TOLERANCE,
      remarks: [
        `The largest resident set that the kernel saw in the life of each worker process (VmHWM); each thread read days of its size until it had ${GIGABYTES_READ} GB.`,
      ],
    }
  },
}

async function measureDays(
  gigabytes: number,
  bench: Bench,
): Promise<{ readonly one: Spread; readonly two: Spread; readonly extra: Spread }> {
  const day = await longDay({ ...bench, raw_bytes: gigabytes * 1e9 * (bench.quick ? QUICK.share : 1) })
  const days_per_thread = Math.max(1, Math.ceil(GIGABYTES_READ / gigabytes))
  const days = await linkedDays(day, 2 * days_per_thread)
  const one: number[] = []
  const two: number[] = []
  for (let run = 1; run <= bench.runs; run++) {
    bench.tell(`Memory on days of ${gigabytes} GB, run ${run} of ${bench.runs}: one thread, two …`)
    for (const [threads, peaks] of [[1, one] as const, [2, two] as const]) {
      const dates = days.dates.slice(0, threads * days_per_thread)
      const { peak_memory_bytes } = await withWorker({ days, threads }, ({ work }) => work(dates))
      peaks.push(peak_memory_bytes)
    }
  }
  return {
    one: spreadOf(one),
    two: spreadOf(two),
    extra: spreadOf(two.map((peak, run) => peak - (one[run] ?? Number.NaN))),
  }
}
