// What a person may write, and what they hear when it is wrong: all of it, with lines and the key that was meant.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadConfig, parseConfig } from '../../config/load.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'

const least = 'organisation: Uni-X\nsource: ./events\nresults: s3://bucket/results\n'

function faultsOf(text: string): readonly string[] {
  try {
    parseConfig(text, 'millrace.yaml')
  } catch (error) {
    assert.ok(error instanceof MillraceError)
    assert.equal(error.code, 'config_invalid')
    return error.message.split('\n').map((line) => line.trim())
  }
  assert.fail(`accepted: ${text}`)
}

test('loadConfig() reads the least config, fills the defaults and tells the folder of the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-config-'))
  try {
    await writeFile(join(folder, 'millrace.yaml'), least)
    const { config, base, warnings } = await loadConfig(join(folder, 'millrace.yaml'))
    assert.equal(config.organisation, 'uni-x')
    assert.deepEqual(config.source, { url: './events', path_style: false })
    assert.equal(config.from, '2012-09-01')
    assert.deepEqual(config.courses, { include: ['*'], exclude: [] })
    assert.equal(config.workers.threads, 'auto')
    assert.equal(base, folder)
    assert.deepEqual(warnings, [])
    await assert.rejects(loadConfig(join(folder, 'other.yaml')), { code: 'config_missing', message: /no such file$/ })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('parseConfig() takes prod for the site edx, a location as keys, and anchors', () => {
  const { config } = parseConfig(
    'organisation: x\nsource: &s {url: "s3://bucket/a", path_style: true}\nresults: {<<: *s, url: "s3://bucket/b"}\nsites: [prod, EDGE]\n',
    'm',
  )
  assert.deepEqual(config.sites, ['edx', 'edge'])
  assert.deepEqual(config.results, { url: 's3://bucket/b', path_style: true })
})

test('parseConfig() names every wrong key in one error, in the order of the lines', () => {
  const faults = faultsOf(
    `${least}organistion: y\nthreads: 3\nworkers:\n  threads: many\n  thread_memory: 5\nfrom: 2013-02-29\nduplicates: maybe\n`,
  )
  assert.deepEqual(faults, [
    'Cannot use the config "millrace.yaml": 6 things are wrong',
    'line 4: unknown key "organistion"; did you mean "organisation"?',
    'line 5: unknown key "threads"; did you mean "workers.threads"?',
    'line 7: "workers.threads" is "many"; expected auto, or a whole number from 1 to 512',
    'line 8: unknown key "workers.thread_memory"; did you mean "workers.thread_memory_mb"?',
    'line 9: "from" is "2013-02-29"; expected a date that exists, as YYYY-MM-DD',
    'line 10: "duplicates" is "maybe"; expected one of drop, keep',
  ])
})

const wrong: readonly (readonly [what: string, text: string, expected: RegExp])[] = [
  ['an empty file', '', /^"organisation" is missing/],
  ['a list', '[1]', /^the config: expected keys \(organisation/],
  ['a duplicate key', `${least}from: 2013-01-01\nfrom: 2014-01-01\n`, /^line 5: Map keys must be unique/],
  ['a tab', `${least}workers:\n\tthreads: 1\n`, /^line 5: Tabs are not allowed/],
  ['an unquoted star', `${least}courses:\n  include: [*]\n`, /^line 5: .*in quotes$/],
  ['an anchor that is not there', `${least}to: *end\n`, /Unresolved alias/],
  [
    'a range that ends before it starts',
    `${least}from: 2014-01-02\nto: 2014-01-01\n`,
    /^line 5: "to" is .* before "from"$/,
  ],
  [
    'a reprocess entry that ends before it starts',
    `${least}reprocess:\n  - {from: 2014-01-02, to: 2014-01-01, epoch: 1, reason: r}\n`,
    /^line 5: "reprocess\[1\].to" is .* before "from"$/,
  ],
  ['an epoch of 0', `${least}reprocess:\n  - {from: 2014-01-02, to: 2014-01-02, epoch: 0, reason: r}\n`, /epoch" is 0/],
  ['no sites', `${least}sites: []\n`, /^line 4: "sites"/],
  ['a site that cannot be one', `${least}sites: ["e dx"]\n`, /"sites\[1\]" is "e dx"; expected a site/],
  [
    'a bucket without a name',
    `organisation: x\nsource: s3://\nresults: r\n`,
    /^line 2: "source.*s3:\/\/bucket\/prefix$/,
  ],
  [
    'a secret written down',
    `${least}queue:\n  password: geheim\n`,
    /"queue.password"; did you mean "queue.password_file"\?$/,
  ],
]
for (const [what, text, expected] of wrong)
  test(`parseConfig() refuses ${what}`, () => {
    const faults = faultsOf(text)
    assert.match(faults[1] ?? '', expected)
    assert.doesNotMatch(faults.join(' '), /geheim/)
  })

test('parseConfig() doubts a reprocess entry that changes nothing', () => {
  const entry = (text: string): readonly string[] =>
    parseConfig(`${least}from: 2014-01-01\nsites: [edx]\nreprocess:\n  - {${text}, epoch: 1, reason: r}\n`, 'm')
      .warnings
  assert.match(entry('from: 2013-01-01, to: 2013-02-01')[0] ?? '', /outside the days/)
  assert.match(entry('from: 2014-01-01, to: 2014-02-01, sites: [edge]')[0] ?? '', /names no site/)
  assert.deepEqual(entry('from: 2013-01-01, to: 2014-02-01'), [])
})

test('parseConfig() answers any text with a config or one config_invalid', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `${least}${text}`),
      ),
      (text) => {
        try {
          parseConfig(text, 'm')
        } catch (error) {
          assert.ok(error instanceof MillraceError && error.code === 'config_invalid', String(error))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('loadConfig() hands on the rules that were chosen with the tables', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-config-'))
  try {
    const path = join(folder, 'millrace.yaml')
    await writeFile(path, `${least}rules:\n  session_end: gap_or_page_close\n`)
    const { tables } = await loadConfig(path)
    assert.deepEqual(tables.choices, { survey_titles: 'exact', session_end: 'gap_or_page_close' })
    assert.notEqual(tables.declarations, OUR_TABLES.declarations)
    assert.equal(tables.partials, '')
  } finally {
    await rm(folder, { recursive: true })
  }
})
