// `millrace report` on a course that the real reducer built: what a shell sees, and the file afterwards.
import assert from 'node:assert/strict'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import type { ReducerFixture } from '../../workers/reduce/partial_fixture.ts'
import { B } from '../../workers/reduce/two_courses.ts'
import { builtCourses, millraceIn } from '../built_courses.ts'

const Said = z.object({ path: z.string(), edition: z.string(), head: z.number() })
let fixture: ReducerFixture

before(async () => {
  fixture = await builtCourses()
})
after(() => fixture[Symbol.asyncDispose]())

const millraceReport = (...args: readonly string[]) => millraceIn(fixture, 'report', ...args)

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
