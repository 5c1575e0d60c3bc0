// Addresses as logs hold them, and the countries that they give.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MillraceError } from '../../../contracts/errors.ts'
import { countriesOf, openCountries } from '../../../workers/map/countries.ts'
import { windowOf } from '../../../workers/map/event_time.ts'
import { normaliseLine } from '../../../workers/map/normalise.ts'
import { geoipFile } from '../../fixtures/geoip_file.ts'
import { FILE_DATE, logLine } from './log_line.ts'

const BYTES = geoipFile([
  { network: '129.16.0.0/16', country: 'SE' },
  { network: '18.0.0.0/8', country: 'US' },
])
const countryOf = countriesOf(BYTES)

for (const [ip, country] of [
  ['129.16.1.2', 'SE'],
  ['18.9.22.69', 'US'],
  [' 18.9.22.69 ', 'US'],
  ['129.16.1.2, 18.9.22.69', 'SE'],
  ['129.17.1.2', null],
  ['::1', null],
  ['', null],
  ['localhost', null],
  [null, null],
  [17, null],
] as const)
  test(`the country of ${JSON.stringify(ip)} is ${country}`, () => assert.equal(countryOf(ip), country))

test('an event has the country of its address, and no address', () => {
  const line = Buffer.from(logLine({ ip: '129.16.1.2' }))
  const outcome = normaliseLine(line, { window: windowOf(FILE_DATE), hash: 1n, countryOf })
  assert.ok(outcome.kind === 'event')
  assert.equal(outcome.row.country, 'SE')
  assert.ok(!Object.values(outcome.row).includes('129.16.1.2'))
})

test('a file that is no GeoIP file is told in a sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-geoip-'))
  try {
    const path = join(folder, 'countries.mmdb')
    await writeFile(path, BYTES)
    assert.equal((await openCountries(path))('18.1.1.1'), 'US')
    await writeFile(path, 'no database')
    await assert.rejects(
      openCountries(path),
      (error) => error instanceof MillraceError && error.code === 'geoip_unusable',
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
