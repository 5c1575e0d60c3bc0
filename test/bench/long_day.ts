// A day of any size in seconds: the lines of a small one again and again, each time with other microseconds and other
// learners, so that none is a repetition and the tables grow as those of a large day do.
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { makeSampleKeys } from '../../cli/sample/sample_keys.ts'
import { storeLogFile, writeDay } from '../../cli/sample/write_day.ts'
import { type BenchDay, DATE, keptDay, keyOf, WARM_UP_DATE } from './bench_day.ts'

const BASE_EVENTS = 100_000
/** Raised when the same request would give other bytes. */
const EDITION = 2
const CHUNK_BYTES = 1_048_576

/** Gives a day of about so many extracted bytes, made now or before. */
export async function longDay(given: {
  readonly folder: string
  readonly raw_bytes: number
  readonly tell: (line: string) => void
}): Promise<BenchDay> {
  const { raw_bytes } = given
  const name = `long-${EDITION}-${raw_bytes}`
  return await keptDay({ ...given, name, make: (folder) => makeLongDay(folder, raw_bytes) })
}

async function makeLongDay(folder: string, raw_bytes_wanted: number) {
  await using keys = await makeSampleKeys('rsa2048')
  await keys.writeTo(join(folder, 'keys'))
  const site = { organisation: 'DemoX', site: 'edx', seed: 'long' }
  const events = Math.min(BASE_EVENTS, Math.ceil(raw_bytes_wanted / 2_000))
  const base = join(folder, 'base.log.gz')
  const { lines, raw_bytes } = await writeDay({ ...site, path: base, date: DATE, events, keys: null })
  const warm_up = join(folder, 'logs', keyOf(WARM_UP_DATE))
  await writeDay({ ...site, path: warm_up, date: WARM_UP_DATE, events: Math.min(events, 10_000), keys })

  const copies = Math.max(1, Math.round(raw_bytes_wanted / raw_bytes))
  const text = await buffer(createReadStream(base).pipe(createGunzip()))
  await rm(base)
  const wrapping = { keys, expired_key: false, two_members: false }
  const { bytes } = await storeLogFile(join(folder, 'logs', keyOf(DATE)), repeated(text, copies), wrapping)
  return { events: events * copies, lines: lines * copies, raw_bytes: raw_bytes * copies, encrypted_bytes: bytes }
}

function* repeated(text: Buffer, copies: number): Generator<Buffer> {
  const places = placesIn(text)
  for (let copy = 0; copy < copies; copy++) {
    const changed = Buffer.from(text)
    change(changed, places, copy)
    for (let at = 0; at < changed.length; at += CHUNK_BYTES) yield changed.subarray(at, at + CHUNK_BYTES)
  }
}

/** Where a copy differs from the next: offsets of single characters. */
interface Places {
  /** Of the last three digits of microseconds. */
  readonly times: readonly number[]
  /** Of the first digit of user ids. */
  readonly ids: readonly number[]
  /** Of the first letter of user names. */
  readonly names: readonly number[]
}

const TIME = '"time": "'
/** From the sign of a time to its fraction's last three digits, in the form that nearly all lines have. */
const FRACTION_AT = TIME.length + '2019-03-01T02:20:21.859'.length

function placesIn(text: Buffer): Places {
  const isDigit = (at: number): boolean => isBetween(text[at], '0', '9')
  return {
    times: offsetsOf(text, TIME, FRACTION_AT).filter(
      (at) => text[at - 4] === '.'.charCodeAt(0) && isDigit(at) && isDigit(at + 1) && isDigit(at + 2),
    ),
    ids: offsetsOf(text, '"user_id": ').filter((at) => isBetween(text[at], '1', '9')),
    names: offsetsOf(text, '"username": "').filter((at) => isBetween(text[at], 'a', 'z')),
  }
}

/** Ids and names change together, so that a name stays one learner's; nine copies have learners of their own. */
const VARIANTS = 9

function change(text: Buffer, places: Places, copy: number): void {
  const digits = String(copy % 1000).padStart(3, '0')
  for (const at of places.times) text.write(digits, at, 'latin1')
  const by = copy % VARIANTS
  for (const at of places.ids) text[at] = rotated(text[at], by, '1', VARIANTS)
  for (const at of places.names) text[at] = rotated(text[at], by, 'a', 26)
}

function offsetsOf(text: Buffer, sign: string, further = sign.length): readonly number[] {
  const found: number[] = []
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) found.push(at + further)
  return found
}

const isBetween = (code: number | undefined, first: string, last: string): boolean =>
  code !== undefined && code >= first.charCodeAt(0) && code <= last.charCodeAt(0)

const rotated = (code: number | undefined, by: number, first: string, count: number): number =>
  first.charCodeAt(0) + (((code ?? 0) - first.charCodeAt(0) + by) % count)
