// Days to make partials of: a source and a results folder, log files in the one, jobs that point to them. What the tests
// of a whole day and of a worker share.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fingerprintOf } from '../../../contracts/fingerprint.ts'
import { MapJob } from '../../../contracts/job.ts'
import { LogFile } from '../../../contracts/log_file.ts'
import { RECIPE } from '../../../contracts/recipe.ts'
import type { ObjectStore } from '../../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'

export interface DayRoom extends AsyncDisposable {
  readonly folder: string
  readonly source: ObjectStore
  readonly results: ObjectStore
  /** Stores a log file of a date as it is and makes the job for it. */
  put(date: string, bytes: Uint8Array, wrapping: 'gpg' | 'gzip'): Promise<MapJob>
}

/** Dates on which a_mortal_thread.ts dies at the first attempt, dies always, or waits for an abort. */
export const DIES_ONCE = '2016-09-01'
export const DIES = '2016-09-02'
export const WAITS = '2016-09-03'

const RULES = { duplicates: 'drop' as const, organisations: ['demox'], keep_events: [], tables: '', geoip: '' }

export async function openDayRoom(): Promise<DayRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-days-'))
  const { signal } = new AbortController()
  await mkdir(join(folder, 'source'))
  const source = await openObjectStore({ url: 'source', path_style: false }, { base: folder, use: 'source', signal })
  const results = await openObjectStore({ url: 'results', path_style: false }, { base: folder, signal })
  return {
    folder,
    source,
    results,
    put: async (date, bytes, wrapping) => {
      const key = `DemoX/edx/events/2016/demox-edx-events-${date}.log.gz${wrapping === 'gpg' ? '.gpg' : ''}`
      await mkdir(dirname(join(folder, 'source', key)), { recursive: true })
      await writeFile(join(folder, 'source', key), bytes)
      for await (const { etag, size, last_modified } of source.list(key, { signal })) {
        const day = { organisation: 'demox', site: 'edx', date }
        const log_file = LogFile.parse({ day, key, etag, size, last_modified: last_modified.toISOString(), wrapping })
        const fingerprint = fingerprintOf({ log_file, recipe: RECIPE, rules: RULES, epoch: 0 })
        return MapJob.parse({ kind: 'map', log_file, fingerprint, recipe: RECIPE, rules: RULES })
      }
      throw new Error(`${key} was not stored`)
    },
    [Symbol.asyncDispose]: async () => {
      await source[Symbol.asyncDispose]()
      await results[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Lists the keys of a store. */
export async function keysOf(store: ObjectStore, prefix = ''): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix, { signal: new AbortController().signal })) keys.push(key)
  return keys
}

/** Tells the sha256 of a stored object. */
export async function sha256Of(store: ObjectStore, key: string): Promise<string> {
  const bytes = await store.read(key, { signal: new AbortController().signal })
  return createHash('sha256').update(bytes).digest('hex')
}

/** A log of `events` video events by a few learners in two courses, one line broken, one blank and one twice. */
export function logOf(date: string, events: number): Buffer {
  const lines = Array.from({ length: events }, (_, index) => eventLine(date, index))
  return Buffer.from([...lines, '{"time": broken', '', lines[0], ''].join('\n'))
}

export const gzipped = (log: Buffer): Buffer => gzipSync(log)

function eventLine(date: string, index: number): string {
  const seconds = index % 86_400
  const at = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const time = `${date}T${at.map((part) => String(part).padStart(2, '0')).join(':')}.${String(index % 1e6).padStart(6, '0')}+00:00`
  const run = index % 3 === 0 ? '2015' : '2016'
  const user_id = 1 + (index % 7)
  return JSON.stringify({
    username: `learner${user_id}`,
    event_type: index % 2 === 0 ? 'play_video' : 'pause_video',
    event_source: 'browser',
    ip: '192.0.2.1',
    agent: 'Browser',
    host: 'courses.example.org',
    page: 'https://courses.example.org/a',
    session: 'f'.repeat(32),
    event: JSON.stringify({ id: `i4x-DemoX-1-video-${index % 5}`, currentTime: index / 10, code: 'html5' }),
    context: { user_id, org_id: 'DemoX', course_id: `course-v1:DemoX+1+${run}`, path: '/event' },
    time,
  })
}
