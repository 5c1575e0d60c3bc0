// Real processes on one directory, with nothing going wrong: they do what `millrace plan` said they would, each day once,
// and come to what one process alone comes to, and that is what the sample was made of.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { withCluster } from '../fixtures/a_cluster.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { contentsOf } from '../fixtures/contents.ts'
import { checkInvariants, receiptsOf } from '../fixtures/invariants.ts'

let made: TestPackage
before(async () => {
  made = await aPackage({ days: 7 })
})
after(() => made?.[Symbol.asyncDispose]())

const fingerprints = (list: readonly { readonly fingerprint: string }[]) => list.map((one) => one.fingerprint).sort()

test('a cluster does what the plan says, each day once, and comes to the content of a single run', async () => {
  await withCluster(made, async (cluster) => {
    const { project } = cluster
    const planned = await project.plan()
    assert.equal(planned.code, 2, 'a plan with work has its own exit code')
    assert.deepEqual(await project.stored('results'), [], 'I10: a plan writes nothing')
    await using results = await project.open('results')

    await cluster.startAll('coordinator', 'worker', 'worker', 'reducer')
    await cluster.settled()
    const wanted = new Map(planned.next.map(({ site, date }) => [`${site} ${date}`, 1]))
    assert.ok(wanted.size >= 10)
    assert.deepEqual(new Map([...(await cluster.executions())].sort()), new Map([...wanted].sort()), 'I6 and I10')
    const receipts = await receiptsOf(results)
    assert.deepEqual(fingerprints(receipts), fingerprints(planned.next))
    assert.deepEqual(new Set(receipts.map((receipt) => receipt.attempt)), new Set([1]))
    assert.deepEqual(await project.plan(), { code: 0, work: false, next: [], why: {} })
    const contents = await contentsOf(results)

    await cluster.stopAll()
    await project.edit({ results: './alone', queue: {} })
    await project.run()
    await using alone = await project.open('results')
    await checkInvariants(alone)
    assert.deepEqual(contents, await contentsOf(alone), 'I4')

    const ledgers = (await receiptsOf(alone)).map(({ log_file, ledger }) => [
      `${log_file.day.site} ${log_file.day.date}`,
      { lines: ledger.lines, events: ledger.events, duplicates: ledger.duplicates, rejected: ledger.rejected },
    ])
    assert.deepEqual(Object.fromEntries(ledgers), ledgersToldBy(made), 'every line is what it was made as')
  })
})

function ledgersToldBy({ truth }: TestPackage): unknown {
  const told = Object.entries(truth.sites).flatMap(([site, { files }]) =>
    Object.entries(files).map(([date, { lines, events, duplicates, rejected }]) => [
      `${site} ${date}`,
      { lines, events, duplicates, rejected },
    ]),
  )
  return Object.fromEntries(told)
}
