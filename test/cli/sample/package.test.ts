// A sample package must be what edX delivers: the real gpg opens its files with the keys beside them, and what comes out
// is gzip with exactly the lines that the truth accounts for.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { SamplePackage } from '../../../cli/sample/package.ts'
import type { SampleKeys } from '../../../cli/sample/sample_keys.ts'
import { writeDay } from '../../../cli/sample/write_day.ts'
import { makeTinyKeys, tinyPackage } from '../../fixtures/tiny_package.ts'

let folder: string
let home: string
let keys: SampleKeys
let made: SamplePackage

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-'))
  home = await mkdtemp(join(tmpdir(), 'gnupg-'))
  keys = await makeTinyKeys()
  made = await tinyPackage(folder, { days: 8, sites: ['edx', 'edge'], keys })
  for (const name of ['data-czar', 'data-czar-2015']) gpg('--import', join(made.keys_directory, `${name}.asc`))
})

after(async () => {
  run('gpgconf', ['--homedir', home, '--kill', 'all'])
  await keys[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

function gpg(...args: readonly string[]): Buffer {
  const fixed = ['--homedir', home, '--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback']
  const passphrase = ['--passphrase-file', join(made.keys_directory, 'data-czar.passphrase')]
  return run('gpg', [...fixed, ...passphrase, ...args])
}

function run(program: string, args: readonly string[]): Buffer {
  const ended = spawnSync(program, args, { maxBuffer: 1 << 28 })
  assert.equal(ended.status, 0, ended.stderr.toString())
  return ended.stdout
}

async function extracted(path: string): Promise<string[]> {
  const gzip = path.endsWith('.gpg') ? gpg('--decrypt', path) : await readFile(path)
  return gunzipSync(gzip).toString('utf8').split('\n').slice(0, -1)
}

test('writeSamplePackage() names files as edX does and leaves missing days out', () => {
  const names = made.files.map((file) => relative(made.logs_directory, file.path))
  assert.ok(names.includes('tinyx/edge/events/2019/tinyx-edge-events-2019-03-01.log.gz.gpg'))
  assert.ok(names.includes('tinyx/edx/events/2019/tinyx-edx-events-2019-03-08.log.gz'))
  assert.equal(names.length, 14)
  for (const { site, date } of made.files) assert.ok(made.truth.sites[site]?.files[date], `${site} ${date}`)
})

test('gpg opens every file with the keys beside them, and its lines are those of the truth', async () => {
  for (const { site, date, path } of made.files) {
    const lines = await extracted(path)
    assert.equal(lines.length, made.truth.sites[site]?.files[date]?.lines, path)
  }
})

test('every file is encrypted to two recipients and compressed by gpg once more', () => {
  const file = made.files.find(({ path }) => path.endsWith('.gpg'))
  assert.ok(file)
  const packets = gpg('--list-packets', file.path).toString()
  assert.equal(packets.match(/^:pubkey enc packet:/gm)?.length, 2)
  assert.match(packets, /^:compressed packet: algo=[12]/m)
})

test('republish() replaces one day by a file with more lines, and its truth follows', async () => {
  const { truth, file } = await made.republish()
  const [now, then] = [truth, made.truth].map((one) => one.sites[file.site]?.files[file.date])
  assert.ok(now && then && now.events > then.events)
  assert.equal((await extracted(file.path)).length, now.lines)
})

test('the truth survives JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(made.truth)), made.truth)
})

test('writeDay() writes a single day of the size asked for, with its truth', async () => {
  const path = join(folder, 'big', 'day.log.gz.gpg')
  const day = await writeDay({
    path,
    organisation: 'TinyX',
    site: 'edx',
    date: '2019-03-05',
    events: 3000,
    seed: 'big',
    keys,
    truth: true,
  })
  const file = day.truth?.files['2019-03-05']
  assert.ok(file && file.events >= 3000 && file.events < 3400, `${file?.events} events`)
  assert.equal(day.lines, file.lines)
  assert.equal((await extracted(path)).length, file.lines)
})
