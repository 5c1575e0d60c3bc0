// Countries from encrypted logs to the database, and no address anywhere in the results.
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDatabase } from '../../runtime/duckdb.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { Project } from '../fixtures/a_project.ts'
import { geoipFile } from '../fixtures/geoip_file.ts'

let made: TestPackage
let project: Project
before(async () => {
  made = await aPackage({ days: 2, sites: ['edx'] })
  project = await Project.make({ ...made, settings: { geoip: { file: './countries.mmdb', edition: 'first' } } })
})
after(async () => {
  await project?.[Symbol.asyncDispose]()
  await made?.[Symbol.asyncDispose]()
})

async function countries(): Promise<readonly string[]> {
  const folder = join(project.folder, 'results', 'courses', 'edx')
  const found = new Set<string>()
  for (const course of await readdir(folder)) {
    const path = join(folder, course, 'course.duckdb')
    await using database = await openDatabase({ path, threads: 1, memory_mb: 256, read_only: true })
    for (const { country } of await database.rows(
      "select distinct coalesce(country, 'none') as country from person_course",
    ))
      found.add(String(country))
  }
  return [...found].sort()
}

test('a run without its GeoIP file computes nothing and says what is missing', async () => {
  const { code, stderr } = await project.millrace('run')
  assert.equal(code, 1)
  assert.match(stderr, /Cannot use the GeoIP file ".+countries.mmdb"/)
})

test('learners have the countries of the file; another edition of it computes all days anew', async () => {
  const path = join(project.folder, 'countries.mmdb')
  await writeFile(path, geoipFile([{ network: '0.0.0.0/1', country: 'SE' }]))
  await project.run()
  assert.ok((await countries()).includes('SE'))
  await writeFile(path, geoipFile([{ network: '0.0.0.0/1', country: 'NO' }]))
  assert.equal((await project.plan()).work, false)
  await project.edit({ geoip: { file: './countries.mmdb', edition: 'second' } })
  assert.deepEqual([...new Set(Object.values((await project.plan()).why))], ['rules changed'])
  await project.run()
  const now = await countries()
  assert.ok(now.includes('NO') && !now.includes('SE'))
})

test('no address of a learner is in the results', async () => {
  const root = join(project.folder, 'results')
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  assert.ok(files.length > 0)
  for (const { parentPath, name } of files) {
    const text = (await readFile(join(parentPath, name))).toString('latin1')
    assert.doesNotMatch(text, /\b\d{2,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/, name)
  }
  await rm(join(project.folder, 'countries.mmdb'))
})
