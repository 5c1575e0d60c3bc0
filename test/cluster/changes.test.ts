// What a data czar and edX do between two runs: days are published again or taken away, the config is edited. `millrace
// plan` says exactly what follows, a run does exactly that, and nobody could tell it from a fresh run over what is there.
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { type Plan, Project, type Settings } from '../fixtures/a_project.ts'
import { type Contents, contentsOf } from '../fixtures/contents.ts'
import { checkInvariants } from '../fixtures/invariants.ts'

let made: TestPackage
before(async () => {
  made = await aPackage({ days: 7 })
})
after(() => made?.[Symbol.asyncDispose]())

async function contentOf(project: Project): Promise<Contents> {
  await using results = await project.open('results')
  await checkInvariants(results)
  return await contentsOf(results)
}

/** What a run into an empty folder makes of the source and the config as they are now. */
async function afresh(project: Project): Promise<Contents> {
  const { results } = await project.config()
  await project.edit({ results: './afresh' })
  await project.run()
  const content = await contentOf(project)
  await project.edit({ results: results.url })
  return content
}

/** I10: runs, and holds the run to the plan before it. */
async function runAsPlanned(project: Project): Promise<Plan> {
  const stored = await project.stored('results')
  const plan = await project.plan()
  assert.deepEqual(await project.stored('results'), stored, 'I10: a plan writes nothing')
  const days = plan.next.map(({ site, date }) => `${site} ${date}`).sort()
  assert.deepEqual(days, Object.keys(plan.why).sort())
  assert.deepEqual(await project.run(), days, 'I10: a run does what the plan says')
  assert.deepEqual(await project.plan(), { code: 0, work: false, next: [], why: {} })
  return plan
}

test('a day that is published again is computed again, alone; a day that is taken away is dropped', async () => {
  await using project = await Project.make({ ...made, settings: { courses: { include: ['TinyX/*'] } } })
  await project.run()
  const first = await contentOf(project)

  const { file } = await made.republish()
  await project.put(await project.logFile(file.site, file.date), file.path)
  const again = await runAsPlanned(project)
  assert.deepEqual(again.why, { [`${file.site} ${file.date}`]: 're-published' })
  assert.notDeepEqual(await contentOf(project), first)

  const gone = made.files.find(({ site, date, bytes }) => site === 'edx' && date !== file.date && bytes > 1_000)
  assert.ok(gone)
  await rm(await project.logFile(gone.site, gone.date))
  const without = await runAsPlanned(project)
  assert.deepEqual([without.work, without.why], [true, {}])
  assert.deepEqual(await contentOf(project), await afresh(project), 'I4')
})

test('an edited config computes exactly the days that it changes', async () => {
  await using project = await Project.make({ ...made, settings: { to: '2019-03-04' } })
  const kinds = async (changes: Settings): Promise<Readonly<Record<string, string>>> => {
    await project.edit(changes)
    return (await runAsPlanned(project)).why
  }
  const dates = (why: Readonly<Record<string, string>>, kind: string) =>
    Object.keys(why).filter((day) => why[day] === kind)

  const first = Object.keys(await kinds({}))
  assert.ok(first.length >= 4 && first.every((day) => day <= 'edx 2019-03-04'))

  const reprocess = [{ from: '2019-03-02', to: '2019-03-04', sites: ['edx'], epoch: 1, reason: 'a test' }]
  const second = await kinds({ to: '2019-12-31', reprocess })
  const again = first.filter((day) => day >= 'edx 2019-03-02')
  assert.deepEqual(dates(second, 'reprocess').sort(), again.sort())
  const fresh = dates(second, 'new')
  assert.ok(fresh.length >= 4 && fresh.every((day) => day.slice(-10) > '2019-03-04'))
  assert.equal(again.length + fresh.length, Object.keys(second).length)

  const all = await contentOf(project)
  const course = Object.keys(all).find((name) => name.startsWith('edx TinyX/'))
  assert.ok(course)
  assert.deepEqual(await kinds({ courses: { exclude: [course.slice('edx '.length)] } }), {}, 'a filter computes no day')
  const filtered = await contentOf(project)
  assert.equal(filtered[course], undefined)

  assert.deepEqual(await kinds({ from: '2019-03-03', sites: ['edx'], courses: {} }), {}, 'nor does a later begin')
  const edge = Object.entries(filtered).filter(([name]) => name.startsWith('edge '))
  const now = await contentOf(project)
  for (const [name, content] of edge) assert.deepEqual(now[name], content, 'a site left out stays as it is')
  const edx = Object.keys(now).filter((name) => name.startsWith('edx '))
  const expected = await afresh(project)
  for (const name of edx) assert.deepEqual(now[name], expected[name], 'I4')
  assert.deepEqual(
    Object.keys(expected)
      .filter((name) => name.startsWith('edx '))
      .sort(),
    edx.sort(),
  )
})
