// Receipts, heads, plans and quarantine records are JSON objects in the store. They are read through their zod schema
// here, so that a damaged record is an error at the border and never a wrong number further in.
import assert from 'node:assert/strict'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { z } from 'zod'
import { MillraceError } from '../../contracts/errors.ts'
import { numberedKey, numberOfKey } from '../../contracts/store_layout.ts'
import type { ObjectStore, PutOptions, PutResult, Waiting } from './object_store.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** A longer record is stored as gzip: the plan of ten years is read whole for every new day. */
const PLAIN_BYTES_MAX = 65_536
/** Far above any plan; what claims to be longer is damaged. */
const RECORD_BYTES_MAX = 268_435_456
/** No JSON begins so. */
const GZIP_MAGIC = [0x1f, 0x8b]

/**
 * Reads a JSON record; one that its schema does not accept is `object_corrupt`. `expected` is what it probably says, where
 * the caller has that value already: it is the answer when the record is its text byte for byte, and nothing is parsed.
 */
export async function readRecord<T>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
  { expected, ...options }: Waiting & { readonly expected?: T | undefined },
): Promise<T> {
  const bytes = await store.read(key, options)
  let value: unknown
  try {
    const plain = await plainOf(bytes)
    if (expected !== undefined && textOf(expected)?.equals(plain) === true) return expected
    value = JSON.parse(decoder.decode(plain))
  } catch {
    // The parser's own message would quote the record.
    throw new MillraceError('object_corrupt', `Cannot read the record "${store.urlOf(key)}": it is not JSON`)
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const wrong = read.error.issues.map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`)
  throw new MillraceError('object_corrupt', `Cannot read the record "${store.urlOf(key)}": ${wrong.join('; ')}`)
}

async function plainOf(bytes: Uint8Array): Promise<Uint8Array> {
  return GZIP_MAGIC.every((byte, index) => bytes[index] === byte)
    ? await promisify(gunzip)(bytes, { maxOutputLength: RECORD_BYTES_MAX })
    : bytes
}

/** Writes a value as one line of JSON; null when it has no JSON form. */
function textOf(value: unknown): Buffer | null {
  const text: unknown = JSON.stringify(value)
  return typeof text === 'string' ? Buffer.from(`${text}\n`) : null
}

/** Stores a value as one line of JSON, a long one as gzip. */
export async function putRecord(
  store: ObjectStore,
  key: string,
  value: unknown,
  options: PutOptions,
): Promise<PutResult> {
  const plain = textOf(value)
  assert(plain !== null, `the record ${key} has no JSON form`)
  return await store.put(key, plain.length > PLAIN_BYTES_MAX ? await promisify(gzip)(plain) : plain, options)
}

/**
 * Finds the highest number among the numbered records right under a prefix; null when there is none. `after` is a number
 * that the caller knows to stand (0 for none): the listing begins behind it, and it is the answer when nothing follows.
 */
export async function latestNumber(
  store: ObjectStore,
  prefix: string,
  options: Waiting & { readonly after?: number },
): Promise<number | null> {
  const { after = 0, signal } = options
  let latest = after
  const start = after > 0 ? { start_after: numberedKey(prefix, after) } : {}
  for await (const key of store.keys(prefix, { ...start, signal })) {
    const number = numberOfKey(key)
    if (number !== null && key === numberedKey(prefix, number)) latest = Math.max(latest, number)
  }
  return latest > 0 ? latest : null
}
