// Which courses a merge that died may have left ahead of their site. Every merge says what it is about to change before it
// creates the first head of a course, and every merge looks at the courses that an earlier one spoke of. Looking at a course
// too often is harmless, so nothing depends on who reads what when.
import { createHash } from 'node:crypto'
import type { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { MergeIntent } from '../../contracts/merge_intent.ts'
import { mergeIntentKey, mergeIntentPrefix } from '../../contracts/store_layout.ts'
import type { Log } from '../../runtime/log.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { putRecord, readRecord } from '../../runtime/object_store/records.ts'

interface Waiting {
  readonly signal: AbortSignal
}

export interface LeftIntent {
  readonly key: string
  /** Number of the site's head that its merge wanted to create. */
  readonly number: number
  /** Null when the record is damaged: then it may be any course. */
  readonly courses: readonly string[] | null
}

/** Reads what merges of a site said they would change, as far as no later merge has looked at it. */
export async function leftIntents(
  store: ObjectStore,
  site: Site,
  { log, signal }: Waiting & { readonly log: Log },
): Promise<readonly LeftIntent[]> {
  const left: LeftIntent[] = []
  for await (const { key } of store.list(mergeIntentPrefix(site), { signal })) {
    try {
      const intent = await readRecord(store, key, MergeIntent, { signal })
      left.push({ key, number: intent.number, courses: intent.courses })
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error
      // Another merge has looked at it meanwhile.
      if (error.code === 'object_missing') continue
      if (error.code !== 'object_corrupt') throw error
      log.error('intent_corrupt', { site, key, error })
      left.push({ key, number: 0, courses: null })
    }
  }
  return left
}

/** Says what a merge is about to change. The same merge tried again says it under the same key. */
export async function putIntent(
  store: ObjectStore,
  given: { readonly site: Site; readonly number: number; readonly courses: readonly string[] },
  { signal }: Waiting,
): Promise<LeftIntent> {
  const { site, number, courses } = given
  const digest = createHash('sha256').update(JSON.stringify(courses)).digest('hex').slice(0, 16)
  const key = mergeIntentKey(site, number, digest)
  const intent: MergeIntent = { version: 1, site, number, courses: [...courses] }
  await putRecord(store, key, intent, { create_only: false, signal })
  return { key, number, courses }
}

/**
 * Removes records whose courses a merge has looked at, once the site's head `number` stands. One that wanted this very
 * number may be of a reducer that is still at work: it stays until the next merge has looked again.
 */
export async function removeIntents(
  store: ObjectStore,
  given: { readonly looked_at: readonly LeftIntent[]; readonly number: number },
  { signal }: Waiting,
): Promise<void> {
  for (const { key, number } of given.looked_at) if (number < given.number) await store.remove(key, { signal })
}
