// The command line as a shell sees it: what it prints, on which stream, and its exit codes.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-cli-'))
})
after(() => rm(folder, { recursive: true, force: true }))

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

function millrace(...args: readonly string[]): Promise<Said> {
  const { promise, resolve } = Promise.withResolvers<Said>()
  execFile(process.execPath, [main, ...args], { cwd: folder }, (error, out, err) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
  })
  return promise
}

test('millrace --help names every command and documents the exit codes', async () => {
  const { code, out } = await millrace('--help')
  assert.equal(code, 0)
  for (const name of [
    'init',
    'plan',
    'run',
    'status',
    'retry',
    'sample',
    'query',
    'export',
    'tables',
    'report',
    'demo',
    'coordinator',
    'worker',
    'reducer',
  ])
    assert.match(out, new RegExp(`^  ${name}\\b`, 'm'))
  assert.match(out, /Exit codes:/)
})

test('a wrong option is exit code 64 and a hint', async () => {
  const { code, err } = await millrace('plan', '--jsno')
  assert.equal(code, 64)
  assert.match(err, /unknown option '--jsno'/)
  assert.match(err, /--json/)
})

test('a missing config is one sentence, a remedy and exit code 64', async () => {
  const { code, out, err } = await millrace('plan', '--config', 'nowhere.yaml')
  assert.equal(code, 64)
  assert.equal(out, '')
  assert.match(err, /^Cannot read the config "nowhere\.yaml": .+\n.*millrace init.*\[config_missing\]\n$/)
})

test('millrace init writes a config that plan can read, and never overwrites one', async () => {
  assert.equal((await millrace('init')).code, 0)
  const written = await readFile(join(folder, 'millrace.yaml'), 'utf8')
  assert.match(written, /organisation:/)
  const again = await millrace('init')
  assert.equal(again.code, 64)
  assert.match(again.err, /is there already/)
  assert.equal(await readFile(join(folder, 'millrace.yaml'), 'utf8'), written)
})

test('millrace plan of a source without log files finds nothing to do; a source that is not there is an error', async () => {
  await writeFile(join(folder, 'empty.yaml'), 'organisation: X\nsource: ./\nresults: ./results\n')
  const empty = await millrace('plan', '--config', 'empty.yaml', '--json')
  assert.equal(empty.code, 0)
  assert.deepEqual(JSON.parse(empty.out).sites, [])
  await writeFile(join(folder, 'gone.yaml'), 'organisation: X\nsource: ./gone\nresults: ./results\n')
  const gone = await millrace('plan', '--config', 'gone.yaml')
  assert.equal(gone.code, 1)
  assert.match(gone.err, /Cannot .*gone.*\n.*\[source_unreachable\]/)
})

test('a config with two wrong keys is refused once, naming both and the nearest right ones', async () => {
  await writeFile(join(folder, 'wrong.yaml'), 'organization: X\nsource: ./\nresults: ./r\nsits: [edx]\n')
  const { code, err } = await millrace('status', '--config', 'wrong.yaml')
  assert.equal(code, 64)
  assert.match(err, /organization.*organisation/)
  assert.match(err, /sits.*sites/)
})

test('millrace worker without queue.servers says what is missing', async () => {
  const { code, err } = await millrace('worker', '--config', 'empty.yaml')
  assert.equal(code, 64)
  assert.match(err, /Cannot start a worker: the config names no queue\.servers/)
})

test('millrace query refuses a file that is not there', async () => {
  assert.match((await millrace('query', 'none.duckdb', 'select 1')).err, /there is no such file/)
})

test('millrace retry refuses a class that does not exist', async () => {
  const { code, err } = await millrace('retry', '--config', 'empty.yaml', '--class', 'weather')
  assert.equal(code, 64)
  assert.match(err, /expected one of key, decrypt/)
})
