// `millrace sample` is where a newcomer begins: what it writes must be ready to run, and it must never overwrite.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runSample, type SampleOptions } from '../../cli/sample_command.ts'
import { loadConfig } from '../../config/load.ts'
import { MillraceError } from '../../contracts/errors.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const options = (changed: Partial<SampleOptions>): SampleOptions => ({
  to: join(folder, 'sample'),
  organisation: 'SampleX',
  sites: ['prod', 'edge'],
  from: '2019-03-01',
  days: 2,
  events: 200,
  seed: '1',
  truth: true,
  ...changed,
})
const given = { print: () => {}, signal: AbortSignal.timeout(120_000) }

test('runSample() writes logs, keys, truth and a config that loads, and never over another sample', async () => {
  const said: string[] = []
  const summary = await runSample(options({}), { ...given, print: (line) => said.push(line) })
  assert.ok(summary.events >= 300)
  assert.equal(summary.files, 4)
  assert.match(said.join('\n'), /millrace run --config/)
  const truth: unknown = JSON.parse(await readFile(summary.truth ?? '', 'utf8'))
  assert.ok(truth instanceof Object && 'sites' in truth && truth.sites instanceof Object)
  assert.deepEqual(Object.keys(truth.sites), ['edx', 'edge'])
  const { config, warnings } = await loadConfig(summary.config)
  assert.equal(config.organisation, 'samplex')
  assert.equal(config.keys?.directory, './keys')
  assert.deepEqual(warnings, [])
  await assert.rejects(
    runSample(options({}), given),
    (error) =>
      error instanceof MillraceError && error.code === 'usage_invalid' && /is there already/.test(error.message),
  )
})

test('runSample() names an option that is wrong', async () => {
  const wrong: readonly (readonly [Partial<SampleOptions>, RegExp])[] = [
    [{ from: '2019-02-30' }, /--from "2019-02-30"/],
    [{ sites: ['edx', 'not a site'] }, /--sites "not a site"/],
    [{ organisation: '../up' }, /--organisation/],
  ]
  for (const [changed, sentence] of wrong)
    await assert.rejects(runSample(options({ to: join(folder, 'never'), ...changed }), given), sentence)
})
