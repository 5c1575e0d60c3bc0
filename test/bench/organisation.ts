// What weeks and months of a whole organisation cost a merge: figures of many courses over ten years are made up, and the
// catalogue's tables computed of them as a merge does. Run it by itself:
// node test/bench/organisation.ts [courses] [learners a course]
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CATALOG_TABLES } from '../../contracts/catalog_tables.ts'
import { COURSE_FIGURES } from '../../contracts/course_figures.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { literal, publishedColumns, quoted } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'
import { createLog } from '../../runtime/log.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { bringPeriods } from '../../workers/reduce/catalog_periods.ts'
import { fileDigest } from '../../workers/reduce/file_digest.ts'
import { insertRows } from '../../workers/reduce/insert_rows.ts'

const [courses = 1_000, learners = 3_000] = process.argv.slice(2).map(Number)
const { signal } = new AbortController()
const folder = await mkdtemp(join(tmpdir(), 'millrace-organisation-'))
const results = join(folder, 'results')

/** Learners who enrol in the first weeks, are active in some of 60 weeks and sometimes pass; and 100 types in 15 months. */
function figuresOf(course: number): string {
  const monday = `date '2014-01-06' + ((${course} * 7919) % 460)::integer * 7`
  return `
    with learner as (
      select
        (hash(i, ${course}) % 1000000)::bigint as user_id,
        (hash(i, ${course}, 1) % 8)::integer as enrols,
        (hash(i, ${course}, 2) % 9)::integer as weeks,
        i % 12 = 0 as passes
      from range(${learners}) as t(i)
    )
    select
      'learner' as kind,
      (${monday} + 7 * (enrols + step * (1 + enrols % 6))::integer)::date as period,
      user_id,
      step > 0 or weeks > 3 as active,
      step % 2 = 1 as attempted_problem,
      step > 0 as played_video,
      step = 2 and passes as posted_forum,
      if(step = 0, 1, 0)::bigint as change,
      passes and step = weeks as passed,
      passes and step = weeks as certified
    from learner, range(9) as t(step)
    where step <= weeks
    union all by name
    select 'week' as kind, (${monday} + 7 * i::integer)::date as period, 5000 as n, 5000000 as bytes
    from range(60) as t(i)
    union all by name
    select
      'type' as kind,
      date_trunc('month', ${monday} + 30 * month::integer)::date as period,
      if(type % 2 = 0, 'server', 'browser') as event_source,
      'edx.type.' || type as event_type,
      100 as n,
      100000 as bytes
    from range(15) as t(month), range(100) as u(type)`
}

const costOf = async (work: () => Promise<void>): Promise<string> => {
  const [before_ms, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  const elapsed_s = (performance.now() - before_ms) / 1000
  return `${((user + system) / 1e6).toFixed(1)} s of CPU in ${elapsed_s.toFixed(1)} s`
}

try {
  await using store = await openObjectStore(
    { url: results, path_style: false },
    { base: folder, use: 'results', signal },
  )
  await using database = await openDatabase({ path: ':memory:', threads: 2, memory_mb: 2_048, temp_directory: folder })
  const catalog = join(folder, 'catalog.duckdb')
  await database.run(`attach ${literal(catalog)} as published`)
  for (const table of CATALOG_TABLES) {
    const columns = publishedColumns(table).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table published.main.${table.name} (${columns.join(', ')})`)
  }
  let bytes_total = 0
  const known: (readonly [site: string, course_id: string, figures: string, sha256: string])[] = []
  for (let course = 0; course < courses; course++) {
    const course_id = `course-v1:Org+C${course}+2014`
    const columns = Object.entries(COURSE_FIGURES.columns).map(([name, { type }]) =>
      name === 'course_id' ? `${literal(course_id)} as course_id` : `${quoted(name)}::${type} as ${quoted(name)}`,
    )
    const path = join(folder, 'figures.parquet')
    await database.run(`copy (
      select ${columns.join(', ')}
      from (select null as course_id, * from (${figuresOf(course)}))
      order by kind, period, user_id, event_source, event_type
    ) to ${literal(path)} (format parquet, compression zstd)`)
    const { bytes, sha256 } = await fileDigest(path, { signal })
    bytes_total += bytes
    const key = `courses/edx/${course}/figures.parquet`
    await store.putFile(key, path, { create_only: true, signal })
    known.push(['edx', course_id, key, sha256])
  }
  await database.run(
    'create temp table known (site VARCHAR, course_id VARCHAR, figures VARCHAR, figures_sha256 VARCHAR)',
  )
  await insertRows(database, 'temp.main.known', known)
  await database.run('insert into published.main.course by name select * from temp.main.known')
  console.log(`${courses} courses, ${(bytes_total / 1e6).toFixed(1)} MB of figures`)

  const log = createLog({ role: 'reducer', level: 'error', destination: join(folder, 'log') })
  const deps = {
    results: store,
    organisations: [],
    tables: OUR_TABLES,
    scratch: folder,
    memory_mb: 2_048,
    threads: 2,
    batch_days_max: 1,
    batch_bytes_max: 1,
    runs_max: 1,
    check_all: false,
    log,
    metrics: createMetrics('reducer'),
    progress: () => {},
    signal,
  }
  const all = known.map(([, course_id]) => course_id)
  for (const [what, changed] of [
    ['from nothing', all],
    ['with five courses built anew', all.slice(0, 5)],
  ] as const)
    console.log(`${what}: ${await costOf(() => bringPeriods(database, { site: 'edx', folder, changed }, deps))}`)
  await database.run('checkpoint published')
  for (const table of ['course_week', 'organisation_week', 'event_type_month']) {
    const [found] = await database.rows<{ n: bigint }>(`select count(*) as n from published.main.${table}`)
    console.log(`${table}: ${found?.n} rows`)
  }
  console.log(`catalogue: ${((await stat(catalog)).size / 1e6).toFixed(1)} MB`)
  console.log(`memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
