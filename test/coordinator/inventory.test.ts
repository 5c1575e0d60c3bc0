// What a real folder gives, with everything in it that does not belong there.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { CalendarDate, Organisation } from '../../contracts/day.ts'
import { inventoryOf, takeInventory } from '../../coordinator/inventory.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { aSite } from './a_plan.ts'

const mitx = Organisation.parse('mitx')
const day = CalendarDate.parse('2014-05-15')

test('takeInventory() sorts a directory with odd names into log files and foreign keys', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-inventory-'))
  const signal = AbortSignal.timeout(30_000)
  try {
    const files: readonly (readonly [key: string, bytes: number, age_s: number])[] = [
      ['mitx/edx/events/2014/mitx-edx-events-2014-05-15.log.gz.gpg', 10, 50],
      ['mitx/prod/events/2014/MITx-prod-events-2014-05-15.log.gz.gpg', 12, 10],
      ['mitx/edx/events/2014/mitx-edx-events-2014-05-16.log.gz.gpg', 11, 0],
      ['mitx/edx/events/2014/mitx-edx-events-2014-05-17.log.gz.gpg', 0, 0],
      ['mitx/edge/events/2014/mitx-edge-events-2014-05-15.log.gz', 9, 0],
      ['mitx/edx/events/2014/.hidden', 1, 0],
      ['mitx/edx/events/2014/mitx-edx-events-2014-05-18.log.gz.gpg.part', 1, 0],
      ['harvardx/edx/events/2014/harvardx-edx-events-2014-05-15.log.gz.gpg', 1, 0],
      ['mitx-edx-events-2014-99-99.log.gz.gpg', 1, 0],
      ['notes/ümläut – 日本.txt', 1, 0],
    ]
    for (const [key, bytes, age_s] of files) {
      await mkdir(dirname(join(folder, key)), { recursive: true })
      await writeFile(join(folder, key), Buffer.alloc(bytes))
      const at = Date.parse('2024-01-01') / 1000 - age_s
      await utimes(join(folder, key), at, at)
    }
    await using source = await openObjectStore(
      { url: folder, path_style: false },
      { base: folder, use: 'source', signal },
    )
    const inventory = await takeInventory(source, { organisation: mitx, signal })
    assert.deepEqual([...inventory.sites.keys()].sort(), ['edge', 'edx'])
    const edx = inventory.sites.get(aSite('edx'))
    assert.equal(edx?.size, 3)
    assert.equal(edx?.get(day)?.counting?.size, 12, 'the newer of two counts')
    assert.deepEqual(
      edx?.get(day)?.superseded.map((file) => file.size),
      [10],
    )
    assert.deepEqual(edx?.get(CalendarDate.parse('2014-05-17'))?.counting, null)
    assert.equal(edx?.get(CalendarDate.parse('2014-05-17'))?.empty.length, 1)
    assert.equal(inventory.sites.get(aSite('edge'))?.get(day)?.counting?.wrapping, 'gzip')
    assert.equal(inventory.bytes, 42)
    const counts = Object.entries(inventory.foreign).map(([reason, { count }]) => [reason, count])
    const seen = inventory.objects - 5
    assert.equal(
      counts.reduce((sum, [, count]) => sum + Number(count), 0),
      seen,
    )
    assert.equal(inventory.foreign.other_organisation.count, 1)
    assert.equal(inventory.foreign.odd_date.count, 1)
    assert.equal(inventory.foreign.unknown_suffix.count, 1)
    assert.deepEqual(inventory.foreign.odd_date.samples, ['mitx-edx-events-2014-99-99.log.gz.gpg'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

interface Candidate {
  readonly key: string
  readonly size: number
  readonly at: number
}
const chosen = async (candidates: readonly Candidate[]): Promise<string | null> => {
  const listing = candidates.map(({ key, size, at }) => ({ key, size, etag: 'e', last_modified: new Date(at * 1000) }))
  const inventory = await inventoryOf(listing, mitx)
  return inventory.sites.get(aSite())?.get(day)?.counting?.key ?? null
}
const gpg = 'mitx-edx-events-2014-05-15.log.gz.gpg'
const prod = 'mitx-prod-events-2014-05-15.log.gz.gpg'
const plain = 'mitx-edx-events-2014-05-15.log.gz'

const choices: readonly (readonly [rule: string, candidates: readonly Candidate[], key: string | null])[] = [
  [
    'the newest',
    [
      { key: gpg, size: 1, at: 1 },
      { key: plain, size: 1, at: 2 },
    ],
    plain,
  ],
  [
    'of equally new ones the encrypted one',
    [
      { key: plain, size: 1, at: 1 },
      { key: gpg, size: 1, at: 1 },
    ],
    gpg,
  ],
  [
    'then the larger key',
    [
      { key: prod, size: 1, at: 1 },
      { key: gpg, size: 1, at: 1 },
    ],
    prod,
  ],
  [
    'never an empty one beside one with bytes',
    [
      { key: gpg, size: 1, at: 1 },
      { key: prod, size: 0, at: 9 },
    ],
    gpg,
  ],
  [
    'none when all are empty',
    [
      { key: gpg, size: 0, at: 1 },
      { key: prod, size: 0, at: 2 },
    ],
    null,
  ],
]
for (const [rule, candidates, key] of choices)
  test(`inventoryOf() lets count ${rule}`, async () => {
    assert.equal(await chosen(candidates), key)
    assert.equal(await chosen([...candidates].reverse()), key)
  })

test('inventoryOf() chooses the same file in whatever order the source lists', async () => {
  const candidate = fc.record({ key: fc.constantFrom(gpg, prod, plain), size: fc.nat(1), at: fc.nat(2) })
  const candidates = fc.uniqueArray(candidate, { selector: ({ key }) => key, minLength: 1 })
  await fc.assert(
    fc.asyncProperty(candidates, async (some) => assert.equal(await chosen(some), await chosen([...some].reverse()))),
  )
})
