// A report of a whole course, read as a reader, a screen reader and a curious neighbour would.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Report, writeReport } from '../../../cli/report/write_report.ts'
import { COURSE_ID, makeCourse, SITE } from './a_course.ts'

const { signal } = new AbortController()
const TITLES = [
  'Enrolment',
  'Learners by day',
  'What learners did, by week',
  'Videos',
  'Problems',
  'Forum',
  'Coverage of the logs',
]
let folder = ''
let report: Report

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-report-'))
  await makeCourse({ course_path: join(folder, 'course.duckdb'), catalog_path: join(folder, 'catalog.duckdb') })
  report = await write('course.duckdb', 'catalog.duckdb')
})
after(() => rm(folder, { recursive: true, force: true }))

function write(
  course: string,
  catalog: string | null,
  { group_min = 10, from = null, to = null }: { group_min?: number; from?: string | null; to?: string | null } = {},
): Promise<Report> {
  return writeReport({
    database_path: join(folder, course),
    catalog_path: catalog === null ? null : join(folder, catalog),
    site: SITE,
    course_id: COURSE_ID,
    edition: 'e1',
    head: 1,
    group_min,
    from,
    to,
    memory_mb: 512,
    scratch: folder,
    signal,
  })
}

/** The part of a page below a title. */
const section = (page: string, title: string): string =>
  /^[\s\S]*?(?=<\/section>)/.exec(page.slice(page.indexOf(`<h2>${title}</h2>`)))?.[0] ?? ''

/** The rows of the first table of a section, as texts. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .slice(1)
    .map(([, row = '']) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell))

test('a report has all sections, and each picture has words for it and its numbers beside it', () => {
  assert.deepEqual(
    [...report.page.matchAll(/<section>\n<h2>(.+?)<\/h2>/g)].map(([, title]) => title),
    TITLES,
  )
  assert.deepEqual(report.absent, [])
  for (const title of TITLES) {
    const text = section(report.page, title)
    assert.match(text, /<table>/, title)
    const pictures = [...text.matchAll(/<svg[^>]*>/g)].map(([tag]) => tag)
    assert.ok(pictures.length > 0, title)
    for (const tag of pictures) assert.match(tag, /^<svg role="img" aria-label="[^"]{20,}"/)
  }
})

test('a report needs nothing from outside, and what strangers wrote is text', () => {
  assert.doesNotMatch(report.page, /<script|<link|<img|<iframe|\ssrc=|url\(|@import|\son\w+=/i)
  const outside = [...report.page.matchAll(/https?:[^"'\s<]*/g)].filter(([url]) => url !== 'http://www.w3.org/2000/svg')
  assert.deepEqual(outside, [])
  assert.match(report.page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&amp;&quot;/)
})

test('the same database and catalogue give the same page', async () => {
  assert.equal((await write('course.duckdb', 'catalog.duckdb')).page, report.page)
})

test('a mode that never had ten learners is not in the report, and a curve moves by ten at least', () => {
  const text = section(report.page, 'Enrolment')
  assert.doesNotMatch(text, /professional/)
  const audit = rowsOf(text).map(([, count = '']) => Number(count.replace(',', '')))
  assert.equal(audit.length, 12)
  for (const [index, count] of audit.slice(1).entries()) {
    const change = Math.abs(count - (audit[index] ?? 0))
    assert.ok(change === 0 || change >= 10, String(change))
  }
})

test('days and weeks of fewer than ten learners have no bar and no point', () => {
  const days = section(report.page, 'Learners by day')
  const counts = rowsOf(days).map(([, count = '']) => count)
  assert.equal(counts.filter((count) => count === '&lt;10').length, 7)
  assert.ok(counts.filter((count) => count !== '&lt;10').every((count) => Number(count.replace(',', '')) >= 10))
  assert.equal(
    (/aria-label="rect"[\s\S]*?<\/g>/.exec(days.slice(days.lastIndexOf('aria-label="rect"') - 5))?.[0] ?? '').match(
      /<rect/g,
    )?.length,
    counts.length - 7,
  )
  const weeks = rowsOf(section(report.page, 'What learners did, by week'))
  assert.deepEqual(weeks[3], ['2016-02-08', '605', '&gt;595', '333', '42'], 'all but four of the active played a video')
  assert.deepEqual(weeks[11]?.at(4), '&lt;10')
})

test('videos and problems that fewer than ten learners used are counted and not named', () => {
  const problems = section(report.page, 'Problems')
  assert.doesNotMatch(problems, /rare/)
  assert.match(problems, /fewer than 10 learners: 1\./)
  const by_id = new Map(rowsOf(problems).map((row) => [row[1]?.replace(/<\/?code>/g, ''), row]))
  assert.deepEqual(by_id.get('hard')?.slice(2), ['120', '&lt;8 %', '3', '3.00', '3'])
  assert.deepEqual(by_id.get('easy')?.slice(2), ['90', '&gt;89 %', '1', '1.00', '1'])
})

test('min, mean and max of attempts are told of problems that ten learners tried, and of no others', async () => {
  const attempts = (page: string, id: string) =>
    rowsOf(section(page, 'Problems'))
      .find(([, code]) => code === `<code>${id}</code>`)
      ?.slice(2)
  assert.deepEqual(attempts(report.page, 'few'), ['10', '–', '1', '2.30', '4'])
  assert.deepEqual(attempts(report.page, 'p5')?.slice(2), ['1', '107.49', '31,014'])
  const { page } = await write('course.duckdb', 'catalog.duckdb', { group_min: 11 })
  assert.equal(attempts(page, 'few'), undefined)
  assert.match(section(page, 'Problems'), /fewer than 11 learners: 2\./)
})

test('one learner with hundreds of attempts leaves the others their room on the scale', () => {
  const chart = section(report.page, 'Problems').split('<svg').at(-1) ?? ''
  const means = [...chart.matchAll(/<circle [^>]*cx="([\d.]+)"/g)].map(([, x]) => Number(x)).sort((a, b) => a - b)
  assert.equal(means.length, 37)
  assert.ok((means.at(-2) ?? 0) - (means[0] ?? 0) > 70, 'a mean of 1 and one of 7 are far apart')
  const ends = [...chart.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text)
  for (const end of ['4', '413', '→ 31K']) assert.ok(ends.includes(end), end)
})

test('gaps of the logs are named with their reason; other sites and replaced files are not among them', () => {
  const text = section(report.page, 'Coverage of the logs')
  assert.match(text, /80 of 84 are in this report/)
  assert.deepEqual(rowsOf(text), [
    ['2016-02-07', '2016-02-08', 'no log file', '2'],
    ['2016-02-09', '2016-02-09', 'a log file of no bytes', '1'],
    ['2016-03-08', '2016-03-08', 'a log file that cannot be used (decrypt)', '1'],
  ])
})

test('tables that a database does not have are named in their sections, and the rest is written', async () => {
  const without = ['enrollment_day', 'video_timeline', 'problem', 'forum_day', 'course_day']
  await makeCourse({ course_path: join(folder, 'old.duckdb'), catalog_path: join(folder, 'unused.duckdb'), without })
  const { page, absent } = await write('old.duckdb', null)
  assert.deepEqual(absent, ['Enrolment', 'Learners by day', 'Videos', 'Problems', 'Forum', 'Coverage of the logs'])
  for (const name of [...without, 'day']) assert.match(page, new RegExp(`has no table .*<code>${name}</code>`))
  assert.match(section(page, 'What learners did, by week'), /<svg/)
})

test('a course of a few learners has a report that tells nothing of them', async () => {
  const { page } = await write('course.duckdb', 'catalog.duckdb', { group_min: 5_000 })
  assert.match(page, /<dd>&lt;5000<\/dd>/)
  for (const title of TITLES.slice(0, -1)) assert.match(section(page, title), /class="absent"/, title)
})

test('groups of one are shown when asked for, with a warning', async () => {
  const { page } = await write('course.duckdb', 'catalog.duckdb', { group_min: 1 })
  assert.match(section(page, 'Enrolment'), /professional/)
  assert.match(page, /not for publication/)
})

test('curves of some days tell nothing that those of all days do not', async () => {
  const { page } = await write('course.duckdb', 'catalog.duckdb', { from: '2016-02-03', to: '2016-03-02' })
  for (const title of ['Enrolment', 'Learners by day', 'What learners did, by week', 'Forum']) {
    const all = rowsOf(section(report.page, title)).map((row) => row.join(' '))
    const some = rowsOf(section(page, title)).map((row) => row.join(' '))
    assert.ok(some.length > 0 && some.length < all.length, title)
    // The last day of the stretch need not end a week, so it may be told in the enrolment of some days alone.
    assert.deepEqual(
      some.filter((row) => !all.includes(row) && !row.startsWith('2016-03-02')),
      [],
      title,
    )
  }
  assert.match(page, /25 of 29 are in this report|26 of 29 are in this report/)
  await assert.rejects(write('course.duckdb', null, { from: '2016-03-02', to: '2016-03-01' }), /there are none/)
})
