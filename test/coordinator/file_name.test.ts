// Names as producers, czars and archives really spell them, beside the ones that must not be taken for ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Organisation } from '../../contracts/day.ts'
import { readFileName } from '../../coordinator/file_name.ts'

type Row = readonly [key: string, read: string]
const ours: readonly Row[] = [
  ['mitx/edx/events/2014/mitx-edx-events-2014-05-15.log.gz.gpg', 'edx 2014-05-15 gpg'],
  ['MITx/edx/events/2014/MITx-edx-events-2014-05-15.LOG.GZ.GPG', 'edx 2014-05-15 gpg'],
  ['mitx/prod/events/2023/mitx-prod-events-2023-01-01.log.gz.gpg', 'edx 2023-01-01 gpg'],
  ['mitx/edge/events/2014/mitx-edge-events-2014-05-15.log.gz.pgp', 'edge 2014-05-15 gpg'],
  ['mitx/patches/events/2014/mitx-patches-events-2014-05-15.log.gz.gpg', 'patches 2014-05-15 gpg'],
  ['backup/2019/mitx/edx/events/2014/mitx-edx-events-2014-05-15.log.gz.gpg', 'edx 2014-05-15 gpg'],
  ['mitx-edx-events-2014-05-15.log.gz', 'edx 2014-05-15 gzip'],
  ['flat/mitx-edx-events-2012-02-29.log.gz', 'edx 2012-02-29 gzip'],
  ['mitx/edge/events/2014/mitx-edx-events-2014-05-15.log.gz.gpg', 'edx 2014-05-15 gpg'],
  ['mitx/edge/events/2014/mitx-events-2014-05-15.log.gz.gpg', 'edge 2014-05-15 gpg'],
  ['mitx/prod/events/mitx-events-2014-05-15.log.gz.gpg', 'edx 2014-05-15 gpg'],
  ['mitx/my-site/events/2014/mitx-my-site-events-2014-05-15.log.gz.gpg', 'my-site 2014-05-15 gpg'],
]
const foreign: readonly Row[] = [
  ['', 'not_an_event_log'],
  ['mitx/edx/events/2014/', 'not_an_event_log'],
  ['mitx/edx/events/2014/README.txt', 'not_an_event_log'],
  ['mitx-2014-05-15.zip', 'not_an_event_log'],
  ['mitx-edx-events-2014-05-15/part-0', 'not_an_event_log'],
  ['harvardx/edx/events/2014/harvardx-edx-events-2014-05-15.log.gz.gpg', 'other_organisation'],
  ['mitxpro-edx-events-2014-05-15.log.gz.gpg', 'other_organisation'],
  ['mitx-pro/edx/events/2014/mitx-pro-edx-events-2014-05-15.log.gz.gpg', 'other_organisation'],
  ['mitx-pro-edx-events-2014-05-15.log.gz.gpg', 'other_organisation'],
  ['mitx-events-2014-05-15.log.gz.gpg', 'no_site'],
  ['mitx/edx/events/2014/mitx-edx-events-2013-02-29.log.gz.gpg', 'odd_date'],
  ['mitx/edx/events/2014/mitx-edx-events-latest.log.gz.gpg', 'odd_date'],
  ['mitx/edx/events/2014/mitx-edx-events-2014-05-15-copy.log.gz.gpg', 'odd_date'],
  ['mitx/edx/events/2014/mitx-edx-events-.log.gz.gpg', 'odd_date'],
  ['mitx/edx/events/2014/mitx-edx-events-2014-05-15.log.gz.gpg.part', 'unknown_suffix'],
  ['mitx/edx/events/2014/mitx-edx-events-2014-05-15.log.gpg', 'unknown_suffix'],
  ['mitx/edx/events/2014/mitx-edx-events-2014-05-15', 'unknown_suffix'],
  ['mitx/edx/events/2014/mitx-edx-events-2014-05-15.log.gz (1).gpg', 'unknown_suffix'],
]

const mitx = Organisation.parse('mitx')
const read = (key: string, organisation = mitx): string => {
  const name = readFileName(key, organisation)
  return name.kind === 'foreign' ? name.reason : `${name.site} ${name.date} ${name.wrapping}`
}

for (const [key, expected] of [...ours, ...foreign])
  test(`readFileName() reads "${key}" as ${expected}`, () => assert.equal(read(key), expected))

test('readFileName() reads an organisation with dashes', () => {
  const dashed = Organisation.parse('mitx-pro')
  const key = 'mitx-pro/edx/events/2014/mitx-pro-edx-events-2014-05-15.log.gz.gpg'
  assert.equal(read(key, dashed), 'edx 2014-05-15 gpg')
  assert.equal(read('mitx/pro/events/2014/mitx-pro-events-2014-05-15.log.gz', dashed), 'no_site')
})

test('readFileName() answers any key', () => {
  const piece = fc.constantFrom('mitx', 'edx', 'events', '-', '/', '2014-05-15', '.log.gz', '.gpg', '-events-', '\n')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (key) => {
        const name = readFileName(key, mitx)
        if (name.kind === 'log_file')
          assert.match(key.toLowerCase(), new RegExp(`mitx.*-events-${name.date}\\.log\\.gz`, 's'))
      },
    ),
  )
})
