// `millrace export` on courses that the real reducer built: what a shell sees, and what lies in the folder afterwards.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Manifest } from '../../../cli/export/manifest.ts'
import { courseFolder } from '../../../contracts/store_layout.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { type ReducerFixture, reducerFixture, SITE } from '../../workers/reduce/partial_fixture.ts'
import { A, B, dayOf } from '../../workers/reduce/two_courses.ts'
import { builtCourses, millraceIn, writeConfig } from '../built_courses.ts'

let fixture: ReducerFixture

before(async () => {
  fixture = await builtCourses()
})
after(() => fixture[Symbol.asyncDispose]())

const millraceExport = (...args: readonly string[]) => millraceIn(fixture, 'export', ...args)

const at = (...parts: readonly string[]): string => join(fixture.folder, ...parts)
const manifestIn = async (...parts: readonly string[]): Promise<Manifest> =>
  Manifest.parse(JSON.parse(await readFile(at(...parts, 'manifest.json'), 'utf8')))

test('one course is exported whole, into a folder of its site and its encoded id', async () => {
  const { code, out } = await millraceExport('--course', B, '--to', 'one', '--json')
  assert.equal(code, 0)
  assert.deepEqual(await readdir(at('one')), [SITE])
  assert.deepEqual(await readdir(at('one', SITE)), [courseFolder(B)])
  const manifest = await manifestIn('one', SITE, courseFolder(B))
  const head = await fixture.courseHead(B)
  assert.equal(manifest.made_from.edition, head?.edition)
  assert.equal(manifest.made_from.head, head?.number)
  assert.deepEqual(manifest.made_from.days, head?.days)
  for (const { file, bytes, sha256 } of [...manifest.tables, ...manifest.codebook]) {
    const content = await readFile(at('one', SITE, courseFolder(B), file))
    assert.equal(content.length, bytes)
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256)
  }
  const learner = await readFile(at('one', SITE, courseFolder(B), 'learner.csv'), 'utf8')
  assert.equal(
    learner,
    'course_id,user_id,username,first_seen,last_seen,events\n' +
      'acme/B/2020,2,v1,2020-03-01T11:00:00.000000Z,2020-03-02T11:00:00.000000Z,2\n',
  )
  const [exported] = JSON.parse(out).exported
  assert.equal(exported.state, 'written')
  assert.equal(exported.folder, at('one', SITE, courseFolder(B)))
})

test('all courses and the catalogue are exported once; what is there already is left as it is', async () => {
  const first = await millraceExport('--all', '--catalog', '--to', 'all')
  assert.equal(first.code, 0)
  assert.match(first.err, /^1\/3 edx acme\/B\/2020: written\n2\/3 edx .+: written\n3\/3 catalogue: written\n$/)
  assert.deepEqual((await readdir(at('all', SITE))).sort(), [courseFolder(A), courseFolder(B)].sort())
  const courses = await readFile(at('all', '@catalog', 'course.csv'), 'utf8')
  assert.equal(courses.split('\n').length, 4)
  const again = await millraceExport('--all', '--catalog', '--to', 'all')
  assert.deepEqual(
    [...again.err.matchAll(/: (\w+)$/gm)].map(([, state]) => state),
    Array(3).fill('unchanged'),
  )
})

test('an export that lost a file, or was made otherwise, is written anew; the folder is then of one making', async () => {
  await millraceExport('--course', A, '--to', 'anew')
  const folder = ['anew', SITE, courseFolder(A)]
  await writeFile(at(...folder, 'learner.csv'), 'cut')
  assert.match((await millraceExport('--course', A, '--to', 'anew')).err, /: written\n$/)
  assert.notEqual(await readFile(at(...folder, 'learner.csv'), 'utf8'), 'cut')
  const parquet = await millraceExport(
    '--course',
    A,
    '--to',
    'anew',
    '--format',
    'parquet',
    '--tables',
    'learner,enrollment',
  )
  assert.match(parquet.err, /: written\n$/)
  assert.deepEqual((await readdir(at(...folder))).sort(), [
    'codebook.csv',
    'codebook.html',
    'enrollment.parquet',
    'learner.parquet',
    'manifest.json',
  ])
  assert.deepEqual(await readdir(at('anew')), [SITE], 'nothing is left beside it')
})

test('a folder that holds something else is never replaced', async () => {
  const folder = ['foreign', SITE, courseFolder(A)]
  await mkdir(at(...folder), { recursive: true })
  await writeFile(at(...folder, 'thesis.txt'), 'years of work')
  const { code, err } = await millraceExport('--course', A, '--to', 'foreign')
  assert.equal(code, 64)
  assert.match(err, /it holds something that is no export/)
  assert.equal(await readFile(at(...folder, 'thesis.txt'), 'utf8'), 'years of work')
})

test('what is not there is said in one sentence, and nothing is written', async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['--course', 'acme/b/2020'],
      /^Cannot find the course "acme\/b\/2020": course ids keep their case; there is "acme\/B\/2020"\n/,
    ],
    [['--course', 'acme/C/2020'], /^Cannot find the course "acme\/C\/2020": none of the 2 courses has this id/],
    [['--site', 'edge', '--all'], /^Cannot find the site "edge": there are edx\n/],
    [['--all', '--course', A], /^Cannot export with --all and --course/],
    [[], /^Cannot export nothing/],
    [['--all', '--tables', 'lerner'], /^Cannot export "lerner": there is no such table\n/],
  ]
  for (const [args, message] of cases) {
    const { code, out, err } = await millraceExport(...args, '--to', 'nowhere')
    assert.equal(code, 64)
    assert.equal(out, '')
    assert.match(err, message)
  }
  await assert.rejects(access(at('nowhere')))
})

test('a damaged edition is told and not exported; the other courses are', async () => {
  await using own = await reducerFixture()
  const day = dayOf('2020-03-01')
  await own.compute(day)
  await own.plan([day])
  await mergeSite(SITE, own.deps())
  const key = (await own.courseHead(A))?.database?.key ?? ''
  await writeFile(join(own.folder, 'results', key), 'damaged')
  const config = await writeConfig(own)
  const { code, out } = await millraceExport('--all', '--to', join(own.folder, 'out'), '--json', '--config', config)
  assert.equal(code, 1)
  const { exported, failed } = JSON.parse(out)
  assert.deepEqual(
    exported.map((one: { course_id: string }) => one.course_id),
    [B],
  )
  assert.deepEqual(
    failed.map((one: { course_id: string; code: string }) => [one.course_id, one.code]),
    [[A, 'object_corrupt']],
  )
})
