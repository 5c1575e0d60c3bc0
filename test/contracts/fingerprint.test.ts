// An address that leaves out what decides a partial would serve an old result for a new question.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fingerprintOf, type PartialRules } from '../../contracts/fingerprint.ts'
import { aLogFile } from '../coordinator/a_plan.ts'

const log_file = aLogFile({ date: '2014-05-12' })
const rules: PartialRules = { duplicates: 'drop', organisations: ['a', 'b'], keep_events: [], tables: '', geoip: '' }
const printOf = (changed: Partial<PartialRules>, epoch = 0): string =>
  fingerprintOf({ log_file, recipe: 2, rules: { ...rules, ...changed }, epoch })

test('fingerprintOf() changes with every rule, with the own tables and with the epoch', () => {
  const prints = [
    printOf({}),
    printOf({ duplicates: 'keep' }),
    printOf({ organisations: ['a'] }),
    printOf({ keep_events: ['*'] }),
    printOf({ tables: 'own' }),
    printOf({ geoip: 'own' }),
    printOf({}, 1),
  ]
  assert.equal(new Set(prints).size, prints.length)
})

test('fingerprintOf() does not ask in which order organisations were written', () => {
  assert.equal(printOf({ organisations: ['b', 'a'] }), printOf({}))
})

test('fingerprintOf() without own tables is what it was before there could be any', () => {
  assert.equal(printOf({}), '7a39fc946916c47a2ca1af611029c528')
})
