// What people and scripts read: the same facts, never mixed.
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { bytesText, createOutput, drawTable, durationText, grouped } from '../../cli/output.ts'

async function printed(json: boolean): Promise<string> {
  const stream = new PassThrough()
  const output = createOutput({ json, stream })
  output.line('for people')
  output.table(['a'], [['b']])
  output.document({ for: 'scripts' })
  stream.end()
  return await text(stream)
}

test('Output prints lines and tables for people and no document', async () => {
  assert.equal(await printed(false), 'for people\na\nb\n')
})

test('Output prints one JSON document and nothing else with --json', async () => {
  assert.deepEqual(JSON.parse(await printed(true)), { for: 'scripts' })
})

test('drawTable() aligns numbers to the right and text to the left', () => {
  assert.equal(
    drawTable(
      ['name', 'events'],
      [
        ['a', 1],
        ['bcd', '1,200'],
      ],
    ),
    ['name  events', 'a          1', 'bcd    1,200'].join('\n'),
  )
})

test('durationText(), bytesText() and grouped() choose units that people say', () => {
  assert.deepEqual([0.4, 42, 185, 7_805, 273_600].map(durationText), [
    'under 1 s',
    '42 s',
    '3 min 05 s',
    '2 h 10 min',
    '3 d 4 h',
  ])
  assert.equal(durationText(Number.POSITIVE_INFINITY), 'unknown')
  assert.deepEqual([0, 999, 1_536, 20_971_520, 5e12].map(bytesText), [
    '0 B',
    '999 B',
    '1.50 KiB',
    '20.0 MiB',
    '4.55 TiB',
  ])
  assert.equal(grouped(1_234_567), '1,234,567')
})
