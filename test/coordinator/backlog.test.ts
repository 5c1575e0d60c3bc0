// A backlog that skips a day loses it until the next sweep; one that forgets where it was is as slow as having none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlannedDay } from '../../contracts/plan_record.ts'
import { Backlog } from '../../coordinator/backlog.ts'
import { makePlan } from '../../coordinator/plan.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, filesOf } from './a_plan.ts'

const days = makePlan(
  aSite('edx'),
  filesOf(dates('2014-01-01', 5).map((date) => aLogFile({ date }))),
  aConfig(),
  aMeaning(),
).days
const dateOf = (day: PlannedDay): string => day.log_file.day.date
const datesOf = (some: readonly PlannedDay[]): string => some.map((day) => dateOf(day).slice(-1)).join('')

test('a backlog gives the next days in order, as many as are asked for', () => {
  const backlog = new Backlog(days)
  const none = () => false
  assert.equal(datesOf(backlog.next(2, none)), '12')
  assert.equal(datesOf(backlog.next(9, none)), '12345')
  assert.equal(datesOf(backlog.next(0, none)), '')
})

test('a backlog leaves out what is settled, wherever it stands, and finds nothing at its end', () => {
  const backlog = new Backlog(days)
  const settled = (...digits: readonly string[]) => ({
    has: (day: PlannedDay) => digits.includes(dateOf(day).slice(-1)),
  })
  assert.equal(datesOf(backlog.next(9, settled('2', '4').has)), '135')
  assert.equal(datesOf(backlog.next(1, settled('1', '2', '4').has)), '3')
  assert.equal(datesOf(backlog.next(9, () => true)), '')
})

test('a backlog looks at settled days before the first open one only once', () => {
  const backlog = new Backlog(days)
  const asked: string[] = []
  const settled = (day: PlannedDay): boolean => {
    asked.push(dateOf(day).slice(-1))
    return dateOf(day) < '2014-01-04'
  }
  assert.equal(datesOf(backlog.next(1, settled)), '4')
  assert.equal(datesOf(backlog.next(1, settled)), '4')
  assert.equal(asked.join(''), '12344')
})
