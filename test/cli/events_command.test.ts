// `millrace events` from encrypted logs to a file: what is kept, what is chosen of it, and what is said when nothing is.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openDatabase } from '../../runtime/duckdb.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { Project } from '../fixtures/a_project.ts'

let made: TestPackage
let project: Project
/** A course whose events are kept, with many events, and one whose events are not. */
let kept = ''
let other = ''
/** A course of a day of its own, where somebody's name is somebody else's account id. */
const DIGITS = 'course-v1:TinyX+Digits+2019'
const DIGITS_EVENTS = [
  { id: 2014, name: 'ann', minute: 0 },
  { id: 77, name: '2014', minute: 1 },
  { id: 77, name: '', minute: 2 },
  { id: null, name: '2014', minute: 3 },
  { id: 2014, name: '', minute: 4 },
]
before(async () => {
  made = await aPackage({ days: 2, sites: ['edx'] })
  project = await Project.make(made)
  await writeFile(
    join(project.logs, 'tinyx-edx-events-2019-03-03.log.gz'),
    gzipSync(DIGITS_EVENTS.map(lineOf).join('')),
  )
  await project.run()
  const courses = Object.entries(made.truth.sites.edx?.courses ?? {}).sort(
    ([, one], [, another]) => another.events.length - one.events.length,
  )
  kept = courses[0]?.[0] ?? ''
  other = courses[1]?.[0] ?? ''
  await project.edit({ keep_events: [kept, DIGITS] })
})
after(async () => {
  await project?.[Symbol.asyncDispose]()
  await made?.[Symbol.asyncDispose]()
})

function lineOf({ id, name, minute }: (typeof DIGITS_EVENTS)[number]): string {
  const event = {
    username: name,
    event_source: 'browser',
    event_type: 'page_close',
    time: `2019-03-03T10:0${minute}:00.000000+00:00`,
    context: { course_id: DIGITS, user_id: id },
    event: '{}',
  }
  return `${JSON.stringify(event)}\n`
}

type Line = Readonly<Record<string, unknown>>
const linesOf = (stdout: string): readonly Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const total = (course_id: string): number =>
  (made.truth.sites.edx?.courses[course_id]?.events ?? []).reduce((sum, { n }) => sum + n, 0)

test('a course whose events were not kept says what to do; keeping them computes all days anew', async () => {
  const answer = await project.millrace('events', '--course', kept)
  assert.equal(answer.code, 64)
  assert.match(answer.stderr, /they are not kept; name the course under keep_events in the config, and run again/)
  const { why } = await project.plan()
  assert.deepEqual([...new Set(Object.values(why))], ['rules changed'])
  await project.run()
  assert.equal((await project.millrace('events', '--course', other)).code, 64)
})

test('all events come in order of time, with their payloads as JSON', async () => {
  const { code, stdout, stderr } = await project.millrace('events', '--course', kept)
  assert.equal(code, 0, stderr)
  const lines = linesOf(stdout)
  assert.equal(lines.length, total(kept))
  const times = lines.map(({ time }) => String(time))
  assert.deepEqual(times, [...times].sort())
  assert.match(times[0] ?? '', /^2019-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  assert.ok(lines.some(({ payload }) => typeof payload === 'object' && payload !== null))
  assert.ok(lines.every(({ course_id }) => course_id === kept))
})

test('a user, a type and days choose among them', async () => {
  const all = linesOf((await project.millrace('events', '--course', kept)).stdout)
  const someone = all.find(({ user_id, username }) => typeof user_id === 'number' && username !== null)
  assert.ok(someone)
  const chosen = async (...args: readonly string[]) =>
    linesOf((await project.millrace('events', '--course', kept, ...args)).stdout)
  const own = all.filter(({ user_id }) => user_id === someone.user_id)
  assert.deepEqual(await chosen('--user', String(someone.user_id)), own)
  assert.deepEqual(await chosen('--user', String(someone.username)), own)
  const videos = all.filter(({ event_type }) => /_video$|^page:info$/.test(String(event_type)))
  assert.ok(videos.length > 0)
  assert.deepEqual(await chosen('--type', '*_video', '--type', 'page:info'), videos)
  const requests = all.filter(({ logged_type }) => String(logged_type).startsWith('/courses/'))
  assert.deepEqual(await chosen('--type', '/courses/*'), requests)
  const day = String(all.at(-1)?.time).slice(0, 10)
  const of_day = all.filter(({ time }) => String(time).startsWith(day))
  assert.deepEqual(await chosen('--from', day, '--to', day), of_day)
  assert.deepEqual(await chosen('--user', 'nobody-of-this-name'), [])
})

test('digits are an account id, and a name where that is said; not both', async () => {
  const minutes = async (...args: readonly string[]) =>
    linesOf((await project.millrace('events', '--course', DIGITS, ...args)).stdout).map(({ time }) =>
      Number(String(time).slice(15, 16)),
    )
  assert.deepEqual(await minutes('--user', '2014'), [0, 4])
  assert.deepEqual(await minutes('--user-name', '2014'), [1, 2, 3])
  assert.deepEqual(await minutes('--user-name', 'ann'), [0, 4])
  const { code, stderr } = await project.millrace('events', '--course', DIGITS, '--user', '77', '--user-name', '2014')
  assert.equal(code, 64)
  assert.match(stderr, /'--user-name <name>' cannot be used with option '--user <user>'/)
})

test('CSV and Parquet hold the same events', async () => {
  const csv = join(project.folder, 'out', 'events.csv')
  const parquet = join(project.folder, 'out', 'events.parquet')
  for (const [format, path] of [
    ['csv', csv],
    ['parquet', parquet],
  ] as const) {
    const { code, stdout, stderr } = await project.millrace(
      ...['events', '--course', kept, '--format', format, '--output', path],
    )
    assert.equal(code, 0, stderr)
    assert.equal(stdout, '')
  }
  assert.match(await readFile(csv, 'utf8'), /^time,course_id,user_id,username,event_source,event_type,/)
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
  const [counts] = await database.rows(`
    select
      (select count(*) from read_csv('${csv}', all_varchar = true)) as csv,
      (select count(*) from '${parquet}') as parquet
  `)
  assert.deepEqual(counts, { csv: BigInt(total(kept)), parquet: BigInt(total(kept)) })
})

for (const [name, args, sentence] of [
  ['Parquet on the terminal', ['--format', 'parquet'], /Cannot write Parquet to the terminal: say where with --output/],
  ['a day that is none', ['--from', '2019-02-30'], /Cannot read the day "2019-02-30": expected YYYY-MM-DD/],
  ['a course that is not there', ['--course', 'a/b/c'], /Cannot find the course "a\/b\/c"/],
  ['an id that is too long', ['--user', '99999999999999999999'], /no account id is that long/],
] as const)
  test(`${name} is told in a sentence`, async () => {
    const { code, stderr } = await project.millrace('events', '--course', kept, ...args)
    assert.equal(code, 64)
    assert.match(stderr, sentence)
  })
