// `millrace report` on a course that the real reducer built: what a shell sees, and the file afterwards.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { publishCatalog } from '../../../workers/reduce/catalog.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { MAIN } from '../../fixtures/a_project.ts'
import { type ReducerFixture, reducerFixture, SITE } from '../../workers/reduce/partial_fixture.ts'
import { B, BOTH } from '../../workers/reduce/two_courses.ts'

const Said = z.object({ path: z.string(), edition: z.string(), head: z.number() })
let fixture: ReducerFixture

before(async () => {
  fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  await mergeSite(SITE, fixture.deps())
  await publishCatalog(fixture.deps(), null)
  await writeFile(join(fixture.folder, 'millrace.yaml'), 'organisation: acme\nsource: ./logs\nresults: ./results\n')
})
after(() => fixture[Symbol.asyncDispose]())

function millraceReport(...args: readonly string[]) {
  const { promise, resolve } = Promise.withResolvers<{ code: number; out: string; err: string }>()
  execFile(process.execPath, [MAIN, 'report', ...args], { cwd: fixture.folder }, (error, out, err) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
  })
  return promise
}

test('a report is one file, and names the edition that it was made from', async () => {
  const { code, out, err } = await millraceReport('--course', B, '--to', 'pages/b.html', '--min-group', '1', '--json')
  assert.equal(err, '')
  assert.equal(code, 0)
  const { path, edition, head } = Said.parse(JSON.parse(out))
  assert.deepEqual(await readdir(join(fixture.folder, 'pages')), ['b.html'])
  const page = await readFile(path, 'utf8')
  const known = await fixture.courseHead(B)
  assert.equal(edition, known?.edition)
  assert.equal(head, known?.number)
  assert.ok(page.includes(`<title>Report: ${B}</title>`) && page.includes(edition))
})

test('without a name the file is named after site and course', async () => {
  const { code, out } = await millraceReport('--course', B)
  assert.equal(code, 0)
  assert.match(out, /Report: .*report-edx-acme%2FB%2F2020\.html/)
  await access(join(fixture.folder, 'report-edx-acme%2FB%2F2020.html'))
})

test('what is not there or makes no sense is said, with exit code 64', async () => {
  const unknown = await millraceReport('--course', 'acme/X/2020', '--to', 'x.html')
  assert.equal(unknown.code, 64)
  assert.match(unknown.err, /^Cannot find the course "acme\/X\/2020"/)
  assert.equal((await millraceReport('--course', B, '--min-group', '0')).code, 64)
  assert.equal((await millraceReport()).code, 64)
  const no_day = await millraceReport('--course', B, '--from', '2020-02-30')
  assert.equal(no_day.code, 64)
  assert.match(no_day.err, /"2020-02-30": expected YYYY-MM-DD/)
  await assert.rejects(access(join(fixture.folder, 'x.html')))
})
