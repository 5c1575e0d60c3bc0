// The whole way from lines to tables in one process, without queue and store, against what the sample meant: a second
// reading of the same text would share the first one's mistakes.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { planDays } from '../../cli/sample/calendar.ts'
import { Random } from '../../cli/sample/random.ts'
import { encoded, shuffled, tellDays } from '../../cli/sample/sample_days.ts'
import type { CourseTruth, SiteTruth } from '../../cli/sample/truth.ts'
import { TruthRecorder } from '../../cli/sample/truth_recorder.ts'
import { makeSite } from '../../cli/sample/world.ts'
import { CalendarDate } from '../../contracts/day.ts'
import type { LineLedger } from '../../contracts/ledger.ts'
import { DERIVED_TABLES, EVENT_TABLES } from '../../contracts/registry.ts'
import { literal, presentedSelect, quoted, storedDdl } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { Aggregator } from '../../workers/map/aggregate.ts'
import { EventBatch } from '../../workers/map/event_batch.ts'
import { LineScanner } from '../../workers/map/line_scanner.ts'
import { readEvents } from '../../workers/map/read_events.ts'

const ORGANISATION = 'TestX'

interface Computed {
  readonly truth: SiteTruth
  readonly ledgers: ReadonlyMap<string, LineLedger>
  /** Merged tables with people resolved, as views and tables named like them. */
  readonly database: Database
}

/** Tells ten days and computes their tables: each file by itself, then merged by the rule of the declarations. */
async function compute(from: string, folder: string): Promise<Computed> {
  const random = new Random(`truth ${from}`)
  const world = makeSite({ organisation: ORGANISATION, site: 'edx', courses: 4, learners: 90, random })
  const days = planDays({ from, days: 10, random })
  const recorder = new TruthRecorder()
  const request = { world, days, events_per_day: 1500, even: true, damage: 40, random, truth: recorder }
  const ledgers = new Map<string, LineLedger>()
  const pieces: { readonly table: string; readonly path: string }[] = []
  const database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 512 })
  for (const { day, lines } of tellDays(request)) {
    const chunks = [...encoded(shuffled(lines, 500, random.derive(day.date)))]
    const made = await aggregated({ date: day.date, chunks, folder, database })
    ledgers.set(day.date, made.ledger)
    pieces.push(...made.pieces)
  }
  const truth = recorder.finish()
  await present(database, pieces, truth)
  return { truth, ledgers, database }
}

interface OneFile {
  readonly date: string
  readonly chunks: readonly Buffer[]
  readonly folder: string
  readonly database: Database
}

async function aggregated({ date, chunks, folder, database }: OneFile) {
  await using map_database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256, temp_directory: null })
  await using aggregator = await Aggregator.open({ database: map_database, scratch: folder })
  const batches = readEvents(
    (async function* () {
      yield* chunks
    })(),
    {
      date: CalendarDate.parse(date),
      rules: { duplicates: 'drop', organisations: [ORGANISATION.toLowerCase()], keep_events: [] },
      scanner: new LineScanner(),
      scratch: tmpdir(),
      batch: new EventBatch(),
      rejected: (line) => aggregator.reject(line),
      signal: AbortSignal.timeout(60_000),
    },
  )
  for (;;) {
    const step = await batches.next()
    if (!step.done) {
      await aggregator.add(step.value)
      step.value.clear()
      continue
    }
    const { pieces } = await aggregator.finish()
    // The pieces are gone with the aggregator, so their rows are taken now.
    const kept = await Promise.all(
      pieces.map(async ({ table, path }, index) => {
        const copy = join(folder, `${date}-${index}.parquet`)
        await database.run(`copy (from ${literal(path)}) to ${literal(copy)} (format parquet)`)
        return { table, path: copy }
      }),
    )
    return { ledger: step.value, pieces: kept }
  }
}

async function present(
  database: Database,
  pieces: readonly { readonly table: string; readonly path: string }[],
  truth: SiteTruth,
): Promise<void> {
  await database.run('create table person (user_name varchar, resolved bigint)')
  for (const [name, id] of Object.entries({ ...truth.names.known, ...truth.names.unresolved }))
    await database.run('insert into person values (?, ?)', [name, BigInt(id)])
  for (const table of EVENT_TABLES) {
    const paths = pieces.filter((piece) => piece.table === table.name).map(({ path }) => literal(path))
    const empty = quoted(`no_${table.name}`)
    await database.run(storedDdl(table, empty))
    const stored = paths.length === 0 ? empty : `read_parquet([${paths.join(', ')}])`
    const resolved = `(
      select stored.* exclude (user_name) replace (coalesce(stored.user_id, person.resolved) as user_id)
      from ${stored} stored
      left join person on stored.user_id is null and person.user_name = stored.user_name
    )`
    await database.run(
      `create table ${quoted(table.name)} as ${presentedSelect(table, table.learner ? resolved : stored)}`,
    )
  }
  for (const table of DERIVED_TABLES) await database.run(`create table ${quoted(table.name)} as ${table.sql}`)
}

for (const from of ['2013-03-01', '2016-04-29', '2019-03-01'])
  describe(`ten days from ${from}`, () => {
    let folder: string
    let computed: Computed
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'millrace-'))
      computed = await compute(from, folder)
    })
    after(async () => {
      await computed?.database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    })

    /** Compares rows, as text, without regard to order. */
    async function compare(
      sql: string,
      fact: (course: CourseTruth, course_id: string) => readonly string[],
    ): Promise<void> {
      const rows = await computed.database.rows<{ row: string }>(
        `select concat_ws('|', ${sql.replace(' from ', ') as row from ')}`,
      )
      const truly = Object.entries(computed.truth.courses).flatMap(([id, course]) => fact(course, id))
      assert.ok(truly.length > 0 || from < '2014', 'the sample has nothing to compare')
      assert.deepEqual(rows.map(({ row }) => row).sort(), [...truly].sort())
    }

    test('every ledger says what the sample put into the file', () => {
      for (const [date, file] of Object.entries(computed.truth.files)) {
        const { wrapping: _wrapping, min_time_us: _min, max_time_us: _max, ...counts } = file
        const { min_time: _from, max_time: _to, ...ledger } = computed.ledgers.get(date) ?? {}
        assert.deepEqual({ date, ...ledger }, { date, ...counts })
      }
    })

    test('learner_event_day counts what each learner did, by the time of the event', async () => {
      await compare(
        'course_id, user_id, day, event_source, event_type, n, epoch_us(first_time), epoch_us(last_time) from learner_event_day where course_id is not null',
        (course, id) =>
          course.events
            .filter((count) => count.user_id !== null)
            .map((count) =>
              [
                id,
                count.user_id,
                count.day,
                count.event_source,
                count.event_type,
                count.n,
                count.first_time_us,
                count.last_time_us,
              ].join('|'),
            ),
      )
    })

    test('event_type_day counts anonymous events too', async () => {
      await compare(
        'course_id, day, event_source, event_type, n from event_type_day where course_id is not null',
        (course, id) => {
          const sums = new Map<string, number>()
          for (const count of course.events) {
            const key = [id, count.day, count.event_source, count.event_type].join('|')
            sums.set(key, (sums.get(key) ?? 0) + count.n)
          }
          return [...sums].map(([key, n]) => `${key}|${n}`)
        },
      )
    })

    test('problem_submission has every submission in order', async () => {
      await compare(
        'course_id, user_id, problem_id, submission_no, epoch_us(time), attempt, grade::bigint, max_grade::bigint, success, parts, parts_correct, display_name from problem_submission',
        (course, id) =>
          course.submissions.map((fact) =>
            [
              id,
              fact.user_id,
              fact.problem_id,
              fact.submission_no,
              fact.time_us,
              fact.attempt,
              fact.grade,
              fact.max_grade,
              fact.success,
              fact.parts,
              fact.parts_correct,
              fact.display_name,
            ].join('|'),
          ),
      )
    })

    test('problem_learner has the answers and hints that learners asked for', async () => {
      await compare(
        'course_id, user_id, problem_id, show_answers, hints, resets from problem_learner where show_answers + hints + resets > 0',
        (course, id) =>
          course.problem_aids.map((aid) =>
            [id, aid.user_id, aid.problem_id, aid.show_answers, aid.hints, aid.resets].join('|'),
          ),
      )
    })

    test('video_viewing finds the viewings that were planned, over midnights and files', async () => {
      await compare(
        'course_id, user_id, video_id, epoch_us(start_time), round(start_position_s * 1000)::bigint, round(end_position_s * 1000)::bigint, closed_by from video_viewing',
        (course, id) =>
          course.viewings.map((fact) =>
            [
              id,
              fact.user_id,
              fact.video_id,
              fact.start_time_us,
              Math.round(fact.start_position_s * 1000),
              Math.round(fact.end_position_s * 1000),
              fact.closed_by,
            ].join('|'),
          ),
      )
    })

    test('enrollment_event and enrollment belong to the learner concerned', async () => {
      await compare(
        `course_id, user_id, epoch_us(time), action, mode, coalesce(actor_user_id::varchar, ''), synthesized from enrollment_event`,
        (course, id) =>
          course.enrollment_events.map((fact) =>
            [id, fact.user_id, fact.time_us, fact.action, fact.mode, fact.actor_user_id ?? '', fact.synthesized].join(
              '|',
            ),
          ),
      )
      await compare(
        `course_id, user_id, is_active, mode, first_mode, epoch_us(first_time), coalesce(epoch_us(last_unenrolled)::varchar, ''), coalesce(epoch_us(first_verified)::varchar, ''), changes from enrollment`,
        (course, id) =>
          course.enrollments.map((state) =>
            [
              id,
              state.user_id,
              state.is_active,
              state.mode,
              state.first_mode,
              state.first_time_us,
              state.last_unenrolled_us ?? '',
              state.first_verified_us ?? '',
              state.changes,
            ].join('|'),
          ),
      )
    })
  })
