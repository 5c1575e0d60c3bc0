// The house rules that a machine can check. Without them the direction of imports and the homes of packages would be a
// diagram in a document, true on the day it was drawn.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const LINES_MAX = 300

/** Which top-level folders each may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  config: ['contracts'],
  runtime: ['contracts', 'config'],
  coordinator: ['contracts', 'config', 'runtime'],
  workers: ['contracts', 'config', 'runtime'],
  cli: ['contracts', 'config', 'runtime', 'coordinator', 'workers'],
  deploy: ['contracts', 'config', 'runtime', 'cli'],
  test: ['contracts', 'config', 'runtime', 'coordinator', 'workers', 'cli', 'deploy'],
}

/** Where each outside package is at home: paths that start with one of these may import it. Tests may import any. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-s3': ['runtime/object_store/s3'],
  '@duckdb/node-api': ['runtime/duckdb'],
  '@duckdb/node-bindings': ['runtime/duckdb'],
  '@nats-io/jetstream': ['runtime/bus/'],
  '@nats-io/transport-node': ['runtime/bus/'],
  '@observablehq/plot': ['cli/report/'],
  'cli-table3': ['cli/'],
  commander: ['cli/'],
  'fastest-levenshtein': ['config/'],
  fastify: ['runtime/http_server'],
  linkedom: ['cli/report/chart'],
  'log-update': ['cli/'],
  'mmdb-lib': ['workers/map/'],
  openpgp: ['workers/map/', 'coordinator/key_'],
  pino: ['runtime/log'],
  piscina: ['workers/map/'],
  'prom-client': ['runtime/metrics'],
  'xxhash-wasm': ['workers/map/'],
  yaml: ['config/'],
  zod: ['contracts/', 'config/', 'runtime/', 'coordinator/', 'workers/', 'cli/'],
}

/** What only cli/, runtime/, deploy/ and tests may do, so that everything else can be simulated. */
const OUTSIDE_WORLD = /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.env\b|process\.exit\b|process\.exitCode\b)/

const BANNED_NAMES = /^(utils?|helpers?|common|types|index|misc|shared)\.(ts|mjs|js)$/
const BANNED_TEXT =
  /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|expect-error|nocheck)|\bas any\b|\b(test|it|describe)\.only\(/

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|mjs|js)$/.test(file))
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

/** Tells the modules that a source imports, types included. */
function importsOf(text: string): readonly string[] {
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'"`]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
  )
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

const top = (file: string): string => file.split('/')[0] ?? ''
const packageOf = (name: string): string =>
  name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? '')

function complain(found: readonly string[]): void {
  assert.deepEqual(found, [])
}

test('imports point down: contracts ← config, runtime ← coordinator, workers ← cli', () => {
  const found: string[] = []
  for (const [file, text] of sources)
    for (const name of importsOf(text).filter((name) => name.startsWith('.') && !name.endsWith('/package.json'))) {
      const target = top(normalize(join(dirname(file), name)))
      if (target !== top(file) && !MAY_IMPORT[top(file)]?.includes(target)) found.push(`${file} imports ${name}`)
    }
  complain(found)
})

test('every outside package has one home', () => {
  const found: string[] = []
  for (const [file, text] of sources)
    for (const name of importsOf(text).filter((name) => !name.startsWith('.') && !name.startsWith('node:'))) {
      if (top(file) === 'test') continue
      if (!HOMES[packageOf(name)]?.some((home) => file.startsWith(home))) found.push(`${file} imports ${name}`)
    }
  complain(found)
})

test('every dependency has a home in this table', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  assert(typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest)
  assert.deepEqual(Object.keys(HOMES).sort(), Object.keys(manifest.dependencies ?? {}).sort())
})

test('contracts import nothing but zod and Node’s own modules', () => {
  const found = [...sources]
    .filter(([file]) => top(file) === 'contracts')
    .flatMap(([file, text]) => importsOf(text).map((name) => [file, name] as const))
    .filter(([, name]) => !/^(\.|node:|zod$)/.test(name))
    .map(([file, name]) => `${file} imports ${name}`)
  complain(found)
})

test(`no file is longer than ${LINES_MAX} lines`, () => {
  complain(
    [...sources]
      .filter(([, text]) => text.split('\n').length > LINES_MAX + 1)
      .map(([file, text]) => `${file}: ${text.split('\n').length - 1}`),
  )
})

test('every file begins with a comment that says why it exists', () => {
  complain([...sources].filter(([, text]) => !/^(#![^\n]*\n)?\/[/*]/.test(text)).map(([file]) => file))
})

test('file names are snake_case nouns or verbs, never drawers', () => {
  complain(
    files.filter(
      (file) =>
        BANNED_NAMES.test(basename(file)) || !/^[a-z0-9_]+(\.test|\.config)?\.(ts|mjs|js)$/.test(basename(file)),
    ),
  )
})

test('clock, chance, environment and exit live in cli and runtime', () => {
  const found = [...sources].filter(
    ([file, text]) => !['cli', 'runtime', 'deploy', 'test'].includes(top(file)) && OUTSIDE_WORLD.test(text),
  )
  complain(found.map(([file, text]) => `${file}: ${OUTSIDE_WORLD.exec(text)?.[0]}`))
})

test('nothing is left for later and no check is switched off', () => {
  const here = 'test/architecture.test.ts'
  complain(
    [...sources]
      .filter(([file, text]) => file !== here && BANNED_TEXT.test(text))
      .map(([file, text]) => `${file}: ${BANNED_TEXT.exec(text)?.[0]}`),
  )
})

test('a table’s file is named as the table', () => {
  const found = [...sources]
    .filter(([file]) => file.startsWith('contracts/tables/'))
    .filter(([file, text]) => !text.includes(`name: '${basename(file, '.ts')}'`))
  complain(found.map(([file]) => file))
})
