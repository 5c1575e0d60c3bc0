// The log file that is measured. Making it takes longer than reading it many times, so it is kept in a folder named by all
// that decides its content, and two measurements of different days use the same bytes.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { makeSampleKeys } from '../../cli/sample/sample_keys.ts'
import { writeDay } from '../../cli/sample/write_day.ts'

const Facts = z.strictObject({
  events: z.number(),
  lines: z.number(),
  raw_bytes: z.number(),
  encrypted_bytes: z.number(),
})

type DayFacts = z.infer<typeof Facts>

export interface BenchDay extends DayFacts {
  /** Holds the day and a smaller one, on which a worker warms up. */
  readonly logs_directory: string
  readonly keys_directory: string
  /** Of the day's file. */
  readonly path: string
}

export const ORGANISATION = 'demox'
export const SITE = 'edx'
export const DATE = '2019-03-01'
export const WARM_UP_DATE = '2019-02-28'
/** A worker computes days for hours; its programs are optimised after tens of thousands of lines. */
const WARM_UP_EVENTS = 100_000
const SEED = 'bench'
/** Raised when the same request would give other bytes. */
const EDITION = 5

const FACTS = 'facts.json'

/** Tells where the log file of a date lies below the logs. */
export const keyOf = (date: string): string =>
  `DemoX/${SITE}/events/${date.slice(0, 4)}/${ORGANISATION}-${SITE}-events-${date}.log.gz.gpg`

/** Gives the day of so many events, made now or before. */
export async function benchDay(given: {
  readonly folder: string
  readonly events: number
  readonly tell: (line: string) => void
}): Promise<BenchDay> {
  const { events, tell } = given
  return await keptDay({
    ...given,
    name: `${SEED}-${EDITION}-${events}`,
    make: (folder) => makeDay(folder, events),
    tell,
  })
}

/** Gives the day that lies in a folder of this name; makes it there when it is wanted for the first time. */
export async function keptDay(given: {
  readonly folder: string
  readonly name: string
  /** Writes keys and logs into a folder. */
  readonly make: (folder: string) => Promise<DayFacts>
  readonly tell: (line: string) => void
}): Promise<BenchDay> {
  const folder = join(given.folder, given.name)
  const facts = await factsIn(folder)
  if (facts !== null) return dayIn(folder, facts)
  given.tell(`Making the day ${folder} …`)
  const part = `${folder}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  await writeFile(join(part, FACTS), JSON.stringify(await given.make(part)))
  await rm(folder, { recursive: true, force: true })
  await rename(part, folder)
  return await keptDay(given)
}

async function makeDay(folder: string, events: number): Promise<DayFacts> {
  await using keys = await makeSampleKeys('rsa2048')
  await keys.writeTo(join(folder, 'keys'))
  const make = async (date: string, count: number) => {
    const path = join(folder, 'logs', keyOf(date))
    return await writeDay({ path, organisation: 'DemoX', site: SITE, date, events: count, seed: SEED, keys })
  }
  await make(WARM_UP_DATE, Math.min(events, WARM_UP_EVENTS))
  const { bytes, raw_bytes, lines } = await make(DATE, events)
  return { events, lines, raw_bytes, encrypted_bytes: bytes }
}

const dayIn = (folder: string, facts: DayFacts): BenchDay => ({
  ...facts,
  logs_directory: join(folder, 'logs'),
  keys_directory: join(folder, 'keys'),
  path: join(folder, 'logs', keyOf(DATE)),
})

async function factsIn(folder: string): Promise<DayFacts | null> {
  let text: string
  try {
    text = await readFile(join(folder, FACTS), 'utf8')
  } catch {
    return null
  }
  return Facts.parse(JSON.parse(text))
}
