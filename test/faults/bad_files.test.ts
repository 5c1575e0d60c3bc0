// Files that cannot be read: each puts away its own day, with a class and a sentence, and no other; mended, they come out
// as if nothing had been wrong.
import assert from 'node:assert/strict'
import { link, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { CZAR } from '../../cli/sample/sample_keys.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { Project, type ProjectOptions } from '../fixtures/a_project.ts'
import { type Contents, contentsOf } from '../fixtures/contents.ts'
import { checkInvariants } from '../fixtures/invariants.ts'

let made: TestPackage
let options: ProjectOptions
let oracle: Contents
before(async () => {
  made = await aPackage({ days: 7 })
  options = { ...made, settings: { courses: { include: ['TinyX/*'] } } }
  await using project = await Project.make(options)
  await project.run()
  oracle = await contentOf(project)
})
after(() => made?.[Symbol.asyncDispose]())

async function contentOf(project: Project): Promise<Contents> {
  await using results = await project.open('results')
  await checkInvariants(results)
  return await contentsOf(results)
}

const Status = z.object({
  quarantined: z.array(
    z.object({
      log_file: z.object({ key: z.string(), day: z.object({ site: z.string(), date: z.string() }) }),
      class: z.string(),
      code: z.string(),
      reason: z.string(),
    }),
  ),
})

/** Days put away, with class and code, as `millrace status` tells them. */
async function putAway(project: Project): Promise<ReadonlyMap<string, string>> {
  const { code, stdout } = await project.millrace('status', '--json')
  const { quarantined } = Status.parse(JSON.parse(stdout))
  assert.equal(code, quarantined.length > 0 ? 3 : 0)
  for (const { reason, log_file } of quarantined) assert.ok(reason.includes(basename(log_file.key)), reason)
  return new Map(
    quarantined.map((record) => [
      `${record.log_file.day.site} ${record.log_file.day.date}`,
      `${record.class} ${record.code}`,
    ]),
  )
}

/** The days of the site edx with files of one kind, oldest first. */
function filesOf(ending: string): readonly { readonly date: string }[] {
  return made.files.filter(({ site, path, bytes }) => site === 'edx' && path.endsWith(ending) && bytes > 1_000)
}

test('damaged files put away their days alone, and mended they are as if they had never been damaged', async () => {
  await using project = await Project.make(options)
  const [, , cut, flipped] = filesOf('.gpg')
  const [plain] = filesOf('.gz')
  assert.ok(cut && flipped && plain)
  const paths = await Promise.all([cut, flipped, plain].map(({ date }) => project.logFile('edx', date)))
  const [cut_path = '', flipped_path = '', plain_path = ''] = paths
  for (const path of paths) await link(path, join(project.folder, basename(path)))
  await project.replace(cut_path, (bytes) => bytes.subarray(0, bytes.length - 700))
  await project.replace(flipped_path, (bytes) => {
    const middle = Math.floor(bytes.length / 2)
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x10, middle)
    return bytes
  })
  await project.replace(plain_path, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)))

  await project.run(3)
  const expected = [
    [`edx ${cut.date}`, 'decrypt decrypt_corrupt'],
    [`edx ${flipped.date}`, 'decrypt decrypt_corrupt'],
    [`edx ${plain.date}`, 'gzip gzip_corrupt'],
  ]
  assert.deepEqual(await putAway(project), new Map(expected.map(([day = '', why = '']) => [day, why])))
  assert.deepEqual(
    await project.plan(),
    { code: 0, work: false, next: [], why: {} },
    'nothing is tried again by itself',
  )
  const { catalogue: _with_damage, ...courses } = await contentOf(project)
  assert.deepEqual(courses, await coursesWithout(paths.map((path) => basename(path))), 'I9')

  for (const path of paths) await rename(join(project.folder, basename(path)), path)
  const planned = await project.plan()
  assert.deepEqual(planned.next.map(({ date }) => date).sort(), [cut.date, flipped.date, plain.date].sort())
  await project.run()
  assert.deepEqual(await putAway(project), new Map())
  assert.deepEqual(await contentOf(project), oracle, 'I4')
})

/** What a source without these files comes to. */
async function coursesWithout(names: readonly string[]): Promise<Contents> {
  await using project = await Project.make(options)
  for (const file of await readdir(project.logs, { recursive: true }))
    if (names.includes(basename(file))) await rm(join(project.logs, file))
  await project.run()
  const { catalogue: _of_fewer_files, ...courses } = await contentOf(project)
  return courses
}

test('days whose key is missing wait for `millrace retry`, and for the key', async () => {
  await using project = await Project.make(options)
  const key = join(project.keys, `${CZAR}.asc`)
  const aside = join(project.folder, 'key.asc')
  await rename(key, aside)
  await project.run(3)
  const away = await putAway(project)
  assert.ok(away.size >= 4)
  assert.deepEqual(new Set(away.values()), new Set(['key no_key']))

  await rename(aside, key)
  assert.equal((await project.plan()).work, false)
  assert.match((await project.millrace('retry', '--class', 'gzip')).stdout, /Released 0 days/)
  assert.match((await project.millrace('retry', '--class', 'key')).stdout, new RegExp(`Released ${away.size} days`))
  const planned = await project.plan()
  assert.deepEqual(new Set(planned.next.map(({ site, date }) => `${site} ${date}`)), new Set(away.keys()))
  await project.run()
  assert.deepEqual(await contentOf(project), oracle, 'I4')
})
