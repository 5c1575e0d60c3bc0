// The log files of many days and sites, each as small as a log file can be: what a coordinator sees of a history is its
// listing, and what the queue sees of a day is one message.
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ORGANISATION } from './bench_day.ts'

export const SITES = ['edge', 'edx', 'patches'] as const
const FIRST_DAY = Date.parse('2012-09-01')
const DAY_MS = 86_400_000

export interface History {
  readonly logs_directory: string
  readonly files: number
}

/** Makes a history of so many days, or finds the one that was made before; every file is a gzip of no line. */
export async function madeHistory(folder: string, days: number): Promise<History> {
  const logs_directory = join(folder, `history-${days}`)
  const files = days * SITES.length
  if (await exists(logs_directory)) return { logs_directory, files }
  const part = `${logs_directory}.part`
  await rm(part, { recursive: true, force: true })
  const nothing = gzipSync('')
  for (const site of SITES)
    for (let day = 0; day < days; day++) {
      const date = new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10)
      const year = join(part, 'DemoX', site, 'events', date.slice(0, 4))
      if (day === 0 || date.endsWith('-01-01')) await mkdir(year, { recursive: true })
      await writeFile(join(year, `${ORGANISATION}-${site}-events-${date}.log.gz`), nothing)
    }
  await rename(part, logs_directory)
  return { logs_directory, files }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
