// The sample and the JSON Schema are made from the schema; these tests keep the committed copies equal and usable.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { configJsonSchemaText, keyPaths, nodeAt } from '../../config/json_schema.ts'
import { parseConfig } from '../../config/load.ts'
import { sampleConfig } from '../../config/sample.ts'

const committed = (name: string): Promise<string> => readFile(new URL(`../../config/${name}`, import.meta.url), 'utf8')

test('sampleConfig() is the committed sample', async () => {
  assert.equal(await committed('millrace.sample.yaml'), sampleConfig({ schema: './millrace.schema.json' }))
})

test('configJsonSchemaText() is the committed JSON Schema', async () => {
  assert.deepEqual(JSON.parse(await committed('millrace.schema.json')), JSON.parse(configJsonSchemaText()))
})

test('sampleConfig() is a valid config as it stands and with every commented setting switched on', () => {
  const text = sampleConfig({ schema: './millrace.schema.json', organisation: 'MITx' })
  assert.equal(parseConfig(text, 'sample').config.organisation, 'mitx')
  const all = text.replace(/^#(?=\S| {2})/gm, '')
  assert.equal(parseConfig(all, 'sample').config.reprocess[0]?.epoch, 1)
  for (const path of keyPaths().filter((key) => !/^(source|results)\./.test(key)))
    assert.match(all, new RegExp(`^[ -]*${path.split('.').at(-1)}:|^ *reprocess`, 'm'), path)
})

test('every key of the config has a description', () => {
  for (const path of keyPaths()) {
    const steps = path.split('.').flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), 0] : [step]))
    assert.ok(nodeAt(steps)?.description, path)
  }
})
