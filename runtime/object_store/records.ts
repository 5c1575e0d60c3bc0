// Receipts, heads, plans and quarantine records are JSON objects in the store. They are read through their zod schema
// here, so that a damaged record is an error at the border and never a wrong number further in.
import assert from 'node:assert/strict'
import type { z } from 'zod'
import { MillraceError } from '../../contracts/errors.ts'
import { numberedKey, numberOfKey } from '../../contracts/store_layout.ts'
import type { ObjectStore, PutOptions, PutResult, Waiting } from './object_store.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Reads a JSON record; one that its schema does not accept is `object_corrupt`. */
export async function readRecord<T>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
  options: Waiting,
): Promise<T> {
  const bytes = await store.read(key, options)
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes))
  } catch {
    // The parser's own message would quote the record.
    throw new MillraceError('object_corrupt', `Cannot read the record "${store.urlOf(key)}": it is not JSON`)
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const wrong = read.error.issues.map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`)
  throw new MillraceError('object_corrupt', `Cannot read the record "${store.urlOf(key)}": ${wrong.join('; ')}`)
}

/** Stores a value as one line of JSON. */
export async function putRecord(
  store: ObjectStore,
  key: string,
  value: unknown,
  options: PutOptions,
): Promise<PutResult> {
  const text: unknown = JSON.stringify(value)
  assert(typeof text === 'string', `the record ${key} has no JSON form`)
  return await store.put(key, Buffer.from(`${text}\n`), options)
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
