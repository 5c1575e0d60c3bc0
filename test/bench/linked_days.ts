// Many days out of one: the same log file under the dates that follow its own. A batch or two days at once need files of
// equal work, and making each of them anew would take longer than measuring them.
import { link, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BenchDay, DATE, keyOf, WARM_UP_DATE } from './bench_day.ts'

export interface LinkedDays extends Pick<BenchDay, 'logs_directory' | 'keys_directory'> {
  readonly dates: readonly string[]
  /** Small days for a worker to begin with, so that the code of every thread of it is compiled. */
  readonly warm_up_dates: readonly string[]
  readonly raw_bytes: number
}

const DAY_MS = 86_400_000
const WARM_UPS = 8

/** Links a day's file under so many dates, beside small days. */
export async function linkedDays(day: BenchDay, count: number): Promise<LinkedDays> {
  const logs_directory = join(dirname(day.logs_directory), `linked-${count}`)
  await rm(logs_directory, { recursive: true, force: true })
  const place = async (from: string, dates: readonly string[]): Promise<void> => {
    for (const date of dates) {
      const path = join(logs_directory, keyOf(date))
      await mkdir(dirname(path), { recursive: true })
      await link(from, path)
    }
  }
  const dates = datesFrom(DATE, count)
  const warm_up_dates = datesFrom(WARM_UP_DATE, -WARM_UPS)
  await place(day.path, dates)
  await place(join(day.logs_directory, keyOf(WARM_UP_DATE)), warm_up_dates)
  return { logs_directory, keys_directory: day.keys_directory, dates, warm_up_dates, raw_bytes: day.raw_bytes * count }
}

/** So many dates from one on, or back when `count` is negative. */
const datesFrom = (date: string, count: number): readonly string[] =>
  Array.from({ length: Math.abs(count) }, (_, index) =>
    new Date(Date.parse(date) + Math.sign(count) * index * DAY_MS).toISOString().slice(0, 10),
  )
