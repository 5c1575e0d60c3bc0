// Writes one log file the way edX does: gzip, piped into gpg, encrypted to the partner and to edX. Everything streams
// but the encrypted bytes, so a day of millions of events needs no more memory than its own compressed size.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip, gzipSync } from 'node:zlib'
import { startOf } from './calendar.ts'
import { Random } from './random.ts'
import { encoded, type Line, shuffled, tellDays } from './sample_days.ts'
import { CZAR, MASTER, OLD_CZAR, type SampleKeys } from './sample_keys.ts'
import type { SiteTruth } from './truth.ts'
import { TruthRecorder } from './truth_recorder.ts'
import { makeSite } from './world.ts'

export interface Wrapping {
  /** Null writes plain `.log.gz`. */
  readonly keys: SampleKeys | null
  readonly expired_key: boolean
  /** Compress in two gzip members, as files that were joined have them. */
  readonly two_members: boolean
}

/** Compresses, encrypts and stores one file; `.log.gz` without keys. The file appears whole or not at all. */
export async function storeLogFile(
  path: string,
  chunks: Iterable<Buffer>,
  wrapping: Wrapping,
): Promise<{ readonly bytes: number }> {
  const gzip = wrapping.two_members ? Readable.from(inTwo(chunks)) : Readable.from(chunks).compose(createGzip())
  const { keys } = wrapping
  const recipients = [wrapping.expired_key ? OLD_CZAR : CZAR, MASTER]
  const body = keys === null ? Buffer.concat(await gzip.toArray()) : await keys.keyring.encrypt(gzip, { recipients })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.part`, body)
  await rename(`${path}.part`, path)
  return { bytes: body.length }
}

function* inTwo(chunks: Iterable<Buffer>): Generator<Buffer> {
  const whole = Buffer.concat([...chunks])
  const half = Math.floor(whole.length / 2)
  yield gzipSync(whole.subarray(0, half))
  yield gzipSync(whole.subarray(half))
}

export interface BigDayRequest {
  readonly path: string
  readonly organisation: string
  readonly site: string
  readonly date: string
  readonly events: number
  readonly seed: string
  readonly keys: SampleKeys | null
  /** Damage as a multiple of what is ordinary; 1 unless given. */
  readonly damage?: number
  /** Collect the ground truth too; it costs about as much time as making the lines. */
  readonly truth?: boolean
}

export interface BigDay {
  readonly bytes: number
  readonly raw_bytes: number
  readonly lines: number
  readonly truth: SiteTruth | null
}

/** Lines that a big day's file holds out of order: few enough to keep the log as compressible as real ones are. */
const BIG_DAY_WINDOW = 24

/** Writes one day of any size with bounded memory, as a benchmark needs it. */
export async function writeDay(given: BigDayRequest): Promise<BigDay> {
  const random = new Random(given.seed)
  const { organisation, site } = given
  const learners = Math.max(50, Math.ceil(given.events / 60))
  const world = makeSite({ organisation, site, courses: 40, learners, random })
  const truth = given.truth === true ? new TruthRecorder() : null
  const start_us = startOf(given.date)
  const days = [{ date: given.date, start_us, fate: given.keys === null ? 'plain' : 'usual' } as const]
  const told = tellDays({
    world,
    days,
    events_per_day: given.events,
    even: true,
    damage: given.damage ?? 1,
    random,
    truth,
  })
  const counted = { raw_bytes: 0, lines: 0 }
  function* chunks(): Generator<Buffer> {
    for (const { lines } of told)
      for (const chunk of encoded(counting(shuffled(lines, BIG_DAY_WINDOW, random.derive('order')), counted))) {
        counted.raw_bytes += chunk.length
        yield chunk
      }
  }
  const { bytes } = await storeLogFile(given.path, chunks(), {
    keys: given.keys,
    expired_key: false,
    two_members: false,
  })
  return { bytes, ...counted, truth: truth?.finish() ?? null }
}

function* counting(lines: Iterable<Line>, counted: { lines: number }): Generator<Line> {
  for (const line of lines) {
    counted.lines++
    yield line
  }
}
