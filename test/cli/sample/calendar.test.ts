// Times are spelt in many ways in real logs; a sample that spelt another instant than its truth says would blame readers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutTime, dateOf, planDays, startOf, timeJson } from '../../../cli/sample/calendar.ts'
import { Random } from '../../../cli/sample/random.ts'

const time_us = startOf('2016-02-29') + 86_399_012_345

test('timeJson() spells one instant in every form', () => {
  const spelt = (form: Parameters<typeof timeJson>[1]): string => timeJson(cutTime(time_us, form), form)
  assert.equal(spelt('usual'), '"2016-02-29T23:59:59.012345+00:00"')
  assert.equal(spelt('whole_second'), '"2016-02-29T23:59:59+00:00"')
  assert.equal(spelt('milliseconds'), '"2016-02-29T23:59:59.012+00:00"')
  assert.equal(spelt('zulu'), '"2016-02-29T23:59:59.012345Z"')
  assert.equal(spelt('space'), '"2016-02-29 23:59:59.012345+00:00"')
  assert.equal(spelt('naive'), '"2016-02-29T23:59:59.012345"')
  assert.equal(spelt('offset'), '"2016-03-01T01:59:59.012345+02:00"')
  assert.equal(spelt('epoch'), String(Date.UTC(2016, 1, 29, 23, 59, 59) / 1000))
  assert.match(spelt('clock_unset'), /^"1970-01-01T/)
})

test('planDays() has every fate in a week and none but usual days in less', () => {
  const random = new Random('days')
  const fates = (days: number): Set<string> =>
    new Set(planDays({ from: '2019-12-28', days, random }).map((day) => day.fate))
  assert.deepEqual(fates(7), new Set(['expired_key', 'missing', 'empty', 'usual', 'plain']))
  assert.deepEqual(fates(6), new Set(['usual']))
  assert.equal(planDays({ from: '2019-12-28', days: 9, random }).at(-1)?.date, dateOf(startOf('2020-01-05')))
})
