// What starting a command loads. A plan is asked for before every run, and half of its time is the start: a package that it
// does not need costs a tenth of a second each time.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { MAIN } from '../fixtures/a_project.ts'

/** Tells on standard error of each module that is loaded. */
const TELL = `
  import { registerHooks } from 'node:module'
  registerHooks({
    load: (url, context, next) => {
      process.stderr.write(url + '\\n')
      return next(url, context)
    },
  })
`
const HEAVY = [
  '@aws-sdk/client-s3',
  '@duckdb/node-api',
  '@nats-io/transport-node',
  'fastify',
  'openpgp',
  'pino',
  'prom-client',
]

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-start-'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** Runs a command and tells the packages that it loaded. */
async function loadedBy(...args: readonly string[]): Promise<ReadonlySet<string>> {
  const tell = `data:text/javascript,${encodeURIComponent(TELL)}`
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', tell, MAIN, ...args], { cwd: folder })
  const names = stderr.split('\n').flatMap((path) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  return new Set(names)
}

test('millrace plan loads what reads a config, and nothing that computes, logs or talks to others', async () => {
  await writeFile(join(folder, 'millrace.yaml'), 'organisation: X\nsource: ./\nresults: ./results\n')
  const loaded = await loadedBy('plan')
  assert(loaded.has('yaml'))
  assert.deepEqual(
    HEAVY.filter((name) => loaded.has(name)),
    [],
  )
})
