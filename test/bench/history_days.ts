// The results of many small days, as workers leave them, without log files: events are made by SQL, go through the declared
// tables and are stored as parts and receipts. So a history of ten years is made in minutes, and merging is what is measured.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CalendarDate, Organisation, Site } from '../../contracts/day.ts'
import { Fingerprint } from '../../contracts/fingerprint.ts'
import type { PlannedDay, SitePlan } from '../../contracts/plan_record.ts'
import type { Part, Receipt } from '../../contracts/receipt.ts'
import { RECIPE } from '../../contracts/recipe.ts'
import { EVENT_TABLES, TABLES } from '../../contracts/registry.ts'
import { dayOfKey, receiptKey } from '../../contracts/store_layout.ts'
import { literal, mergedSelect } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { putRecord } from '../../runtime/object_store/records.ts'
import { EventBatch } from '../../workers/map/event_batch.ts'
import { makeEventTable } from '../../workers/map/event_table.ts'
import { type Piece, writePiece } from '../../workers/map/piece.ts'
import { writePartial } from '../../workers/map/write_partial.ts'
import { type CourseShare, dateOf, type HistoryWorld, LEARNERS, sharesOf } from './history_world.ts'

export const SITE = Site.parse('edx')
const SESSION_EVENTS = 12
const { signal } = new AbortController()

/** Makes the days of a history that are not in the folder yet, and returns the folder that holds them. */
export async function makeDays(
  world: HistoryWorld,
  given: { readonly folder: string; readonly days: number; readonly tell: (line: string) => void },
): Promise<string> {
  const decisive = JSON.stringify([world, TABLES, RECIPE])
  const name = createHash('sha256').update(decisive).digest('hex').slice(0, 12)
  const folder = resolve(given.folder, `days-${name}`)
  await mkdir(folder, { recursive: true })
  await using store = await openObjectStore(
    { url: folder, path_style: false },
    { base: folder, use: 'results', signal },
  )
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 512 })
  const receipts = await readdir(join(folder, 'done', SITE)).catch(() => [])
  const present = new Set(receipts.map((name) => dayOfKey(`done/${SITE}/${name}`)?.date))
  for (let day = 0; day < given.days; day++) {
    if (present.has(dateOf(world, day))) continue
    await makeDay(world, day, { store, database, folder })
    if (day % YEAR_DAYS === 0) given.tell(`Making days from ${dateOf(world, day)} …`)
  }
  return folder
}

const YEAR_DAYS = 365

/** Lets a results store see the days of a folder by their numbers. */
export async function showDays(
  world: HistoryWorld,
  given: { readonly from: string; readonly to: string; readonly first: number; readonly count: number },
): Promise<void> {
  const { from, to, first, count } = given
  const show = async (key: string): Promise<void> => await symlink(join(from, key), join(to, key))
  for (const kind of ['parts', 'done']) await mkdir(join(to, kind, SITE), { recursive: true })
  for (let day = first; day < first + count; day++) {
    const { log_file, fingerprint } = plannedDay(world, day)
    const { site, date } = log_file.day
    await show(join('parts', site, date))
    await show(receiptKey(site, date, fingerprint))
  }
}

/** The plan that wants the first `days` days of a history. */
export const planOf = (world: HistoryWorld, days: number): SitePlan => ({
  version: 1,
  site: SITE,
  recipe: RECIPE,
  days: Array.from({ length: days }, (_, day) => plannedDay(world, day)),
  superseded: [],
  empty: [],
  missing: [],
  held: [],
  courses: { include: ['*'], exclude: [] },
})

function plannedDay(world: HistoryWorld, day: number): PlannedDay {
  const date = CalendarDate.parse(dateOf(world, day))
  const digest = createHash('sha256').update(`${date} of a history`).digest('hex')
  return {
    log_file: {
      day: { organisation: Organisation.parse('demox'), site: SITE, date },
      key: `DemoX/edx/events/${date.slice(0, 4)}/demox-edx-events-${date}.log.gz.gpg`,
      etag: digest.slice(32),
      size: 60_000,
      last_modified: `${date}T00:00:00Z`,
      wrapping: 'gpg',
    },
    fingerprint: Fingerprint.parse(digest.slice(0, 32)),
    epoch: 0,
  }
}

interface Maker {
  readonly store: ObjectStore
  readonly database: Database
  readonly folder: string
}

async function makeDay(world: HistoryWorld, day: number, { store, database, folder }: Maker): Promise<void> {
  const { log_file, fingerprint } = plannedDay(world, day)
  const { site, date } = log_file.day
  const shares = sharesOf(world, day)
  const scratch = await mkdtemp(join(folder, 'pieces-'))
  try {
    await makeEventTable(database, new EventBatch(1))
    await database.run(eventsOf(shares, date))
    const pieces: Piece[] = []
    for (const table of EVENT_TABLES) {
      const path = join(scratch, `${table.name}.parquet`)
      const piece = await writePiece(database, {
        table: table.name,
        select: mergedSelect(table, `(${table.sql})`),
        path,
      })
      if (piece !== null) pieces.push(piece)
    }
    const parts = await writePartial(pieces, { results: store, address: { site, date, fingerprint }, signal })
    const receipt = receiptOf({ log_file, fingerprint, shares, parts })
    await putRecord(store, receiptKey(site, date, fingerprint), receipt, { create_only: true, signal })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Sessions of twelve events: pages, sequences, a video with its pauses, a problem with its answer. */
function eventsOf(shares: readonly CourseShare[], date: string): string {
  const values = shares.map(
    ({ course_id, course_no, learner_base, events }) =>
      `(${course_id === null ? 'null::varchar' : literal(course_id)}, ${course_no}, ${learner_base}, ${events})`,
  )
  return `
    insert into event by name
    with share(course_id, course_no, learner_base, events) as (values ${values.join(', ')}),
    numbered as (
      select course_id, course_no, learner_base, unnest(range(events)) as i
      from share
    ),
    placed as (
      select
        *,
        i % ${SESSION_EVENTS} as step,
        hash(${literal(date)}, course_no, i // ${SESSION_EVENTS}) as session,
        hash(${literal(date)}, course_no, i) as hash
      from numbered
    ),
    told as (
      select
        *,
        (learner_base + session % ${LEARNERS})::bigint as learner,
        session % 33 = 0 as nameless,
        [
          ['server', 'edx.course.enrollment.activated', 'enrollment'],
          ['server', 'page:courseware', null],
          ['browser', 'seq_next', 'sequence'],
          ['browser', 'load_video', 'video'],
          ['browser', 'play_video', 'video'],
          ['browser', 'pause_video', 'video'],
          ['browser', 'play_video', 'video'],
          ['browser', 'seek_video', 'video'],
          ['server', 'xblock:problem_get', null],
          ['server', 'problem_check', 'problem'],
          ['server', 'showanswer', 'problem'],
          ['browser', 'page_close', null]
        ][step + 1] as kind
      from placed
    )
    select
      course_id,
      date ${literal(date)} + to_seconds(((session % 80000) + step * 31)::bigint) + to_microseconds((hash % 1000000)::bigint)
        as time,
      hash,
      700 as bytes,
      kind[1] as event_source,
      kind[2] as event_type,
      kind[3] as family,
      false as rescued,
      case when not nameless then learner end as actor_id,
      case when nameless then 'learner' || learner end as actor_name,
      'learner' || learner as username,
      case when not nameless then learner end as subject_id,
      case when nameless then 'learner' || learner end as subject_name,
      case when kind[3] in ('video', 'problem') then 'i4x://DemoX/' || course_no || '/' || kind[3] || '/b' || (session % 40) end
        as block,
      case when kind[3] in ('video', 'problem') then 'b' || (session % 40) end as block_id,
      case when kind[3] = 'video' then (step * 31)::double end as position_s,
      false as position_missing,
      case when kind[2] = 'seek_video' then 200.0 end as old_position_s,
      case when kind[2] = 'seek_video' then 20.0 end as new_position_s,
      case when kind[3] = 'problem' then (hash % 3)::double end as grade,
      case when kind[3] = 'problem' then 2.0 end as max_grade,
      case when kind[3] = 'problem' then hash % 3 = 2 end as success,
      case when kind[3] = 'enrollment' then 'audit' end as mode,
      false as synthesized
    from told
  `
}

function receiptOf(
  given: Pick<Receipt, 'log_file' | 'fingerprint'> & {
    readonly shares: readonly CourseShare[]
    readonly parts: readonly Part[]
  },
): Receipt {
  const { log_file, fingerprint, shares, parts } = given
  const events = shares.reduce((sum, share) => sum + share.events, 0)
  return {
    version: 1,
    log_file,
    fingerprint,
    recipe: RECIPE,
    ledger: {
      lines: events,
      events,
      blank: 0,
      duplicates: 0,
      rejected: 0,
      rejected_by_reason: {},
      rescued: 0,
      prefixed: 0,
      truncated_payload: 0,
      no_course: shares.find((share) => share.course_id === null)?.events ?? 0,
      foreign_org: 0,
      min_time: null,
      max_time: null,
    },
    bytes: { encrypted: log_file.size, gzip: log_file.size, raw: events * 700 },
    sha256_raw: createHash('sha256').update(log_file.day.date).digest('hex'),
    key_id: '0123456789ABCDEF',
    encrypted_at: null,
    courses: shares.flatMap((share) =>
      share.course_id === null ? [] : [{ course_id: share.course_id, events: share.events }],
    ),
    parts: [...parts],
    worker: 'history',
    attempt: 1,
    started_at: '2026-01-01T00:00:00Z',
    seconds: 1,
    stages: {},
  }
}
