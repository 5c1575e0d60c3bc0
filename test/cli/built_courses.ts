// Two courses that the real reducer built, their catalogue and a config beside them: what every test of a command for readers
// of databases begins with.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publishCatalog } from '../../workers/reduce/catalog.ts'
import { mergeSite } from '../../workers/reduce/merge_site.ts'
import { MAIN } from '../fixtures/a_project.ts'
import { type ReducerFixture, reducerFixture, SITE } from '../workers/reduce/partial_fixture.ts'
import { BOTH } from '../workers/reduce/two_courses.ts'

/** Builds the courses of BOTH days; dispose of the fixture after the last test. */
export async function builtCourses(): Promise<ReducerFixture> {
  const fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  await mergeSite(SITE, fixture.deps())
  await publishCatalog(fixture.deps(), null)
  await writeConfig(fixture)
  return fixture
}

/** Writes a config for the results of a fixture; tells where. */
export async function writeConfig({ folder }: ReducerFixture): Promise<string> {
  const path = join(folder, 'millrace.yaml')
  await writeFile(path, 'organisation: acme\nsource: ./logs\nresults: ./results\n')
  return path
}

/** Runs a command of the program in the folder of a fixture, to its end. */
export function millraceIn(
  { folder }: ReducerFixture,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; out: string; err: string }>()
  execFile(process.execPath, [MAIN, ...args], { cwd: folder }, (error, out, err) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
  })
  return promise
}
