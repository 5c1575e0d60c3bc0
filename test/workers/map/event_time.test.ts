// Times must be exact to the microsecond in every form that logs hold; a form misread moves events between days.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CalendarDate } from '../../../contracts/day.ts'
import { isNoTime, isoOfMicroseconds, readTimeUs, windowOf } from '../../../workers/map/event_time.ts'
import { COURSE, logLine, reasonOf, rowOf } from './log_line.ts'

const AT = 1_400_112_010_123_456

for (const [text, expected] of [
  ['2014-05-15T00:00:10.123456+00:00', AT],
  ['2014-05-15T00:00:10+00:00', AT - 123_456],
  ['2014-05-15T00:00:10.123456', AT],
  ['2014-05-15T00:00:10.123456Z', AT],
  ['2014-05-15 00:00:10.123456+00:00', AT],
  ['2014-05-15 00:00:10', AT - 123_456],
  ['2014-05-15T00:00:10.123Z', AT - 456],
  ['2014-05-15T00:00:10.1234569Z', AT],
  ['2014-05-15T02:00:10.123456+02:00', AT],
  ['2014-05-14T18:30:10.123456-0530', AT],
  ['2014-05-15T02:00:10.123456+02', AT],
  [' 2014-05-15T00:00:10.123456Z\n', AT],
  [1_400_112_010, AT - 123_456],
  [1_400_112_010_123, AT - 456],
  [AT, AT],
  [1_400_112_010.123456, AT],
  ['1400112010123', AT - 456],
  ['1400112010.1234567', AT],
  ['2016-02-29T00:00:00Z', 1_456_704_000_000_000],
  ['1970-01-01T00:00:00Z', 0],
] as const)
  test(`readTimeUs() reads ${JSON.stringify(text)}`, () => assert.equal(readTimeUs(text), expected))

for (const text of [
  '2014-05-15',
  '2014-05-15T00:00',
  '2015-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2014-13-01T00:00:00Z',
  '2014-00-01T00:00:00Z',
  '2014-04-31T00:00:00Z',
  '2014-05-15T24:00:00Z',
  '2014-05-15T00:60:00Z',
  '2014-05-15T00:00:60Z',
  '2014-05-15T00:00:10.Z',
  '2014-05-15T00:00:10,5Z',
  '2014-05-15T00:00:10ZZ',
  '2014-05-15T00:00:10+24:00',
  '2014-05-15T00:00:10+0:00',
  '2014-05-15T00:00:10+00:0',
  '2014-05-15X00:00:10',
  '2014/05/15 00:00:10',
  '٢٠١٤-05-15T00:00:10',
  'yesterday',
  '1e9',
  '0x10',
  '',
  true,
  null,
  {},
  [1_400_112_010],
  Number.NaN,
])
  test(`readTimeUs() cannot read ${JSON.stringify(text)}`, () => assert.equal(readTimeUs(text), null))

test('readTimeUs() reads back what isoOfMicroseconds() writes, for any microsecond', () => {
  const time_us = fc.integer({ min: Date.UTC(1970, 0, 1) * 1000, max: Date.UTC(2255, 0, 1) * 1000 })
  fc.assert(fc.property(time_us, (us) => assert.equal(readTimeUs(isoOfMicroseconds(us)), us)))
})

test('readTimeUs() agrees with Date on whole milliseconds at any offset', () => {
  const date = fc.date({ min: new Date('0001-01-02'), max: new Date('2250-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(date, fc.integer({ min: -1439, max: 1439 }), (when, offset_min) => {
      const local = new Date(when.getTime() + offset_min * 60_000).toISOString().slice(0, 23)
      const size = Math.abs(offset_min)
      const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0')
      const offset = `${offset_min < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
      assert.equal(readTimeUs(local + offset), when.getTime() * 1000)
    }),
  )
})

test('an epoch is in seconds, milliseconds or microseconds by its size', () => {
  assert.equal(readTimeUs(1e11), 1e11 * 1e6)
  assert.equal(readTimeUs(1e11 + 1), (1e11 + 1) * 1e3)
  assert.equal(readTimeUs(1e14), 1e14 * 1e3)
  assert.equal(readTimeUs(1e14 + 1), 1e14 + 1)
})

test('isNoTime() takes null, empty and absent for no time, and nothing else', () => {
  assert.deepEqual([undefined, null, '', 0, ' ', false].map(isNoTime), [true, true, true, false, false, false])
})

test('windowOf() goes from 2011-01-01 to the end of the second day after the file’s date', () => {
  const { from_us, before_us } = windowOf(CalendarDate.parse('2016-02-28'))
  assert.equal(isoOfMicroseconds(from_us), '2011-01-01T00:00:00.000000Z')
  assert.equal(isoOfMicroseconds(before_us), '2016-03-02T00:00:00.000000Z')
})

test('an event’s time is believed inside the window only', () => {
  const timed = (time: unknown): string => reasonOf(logLine({ time }))
  assert.equal(timed('2011-01-01T00:00:00Z'), 'event')
  assert.equal(timed('2010-12-31T23:59:59.999999Z'), 'odd_time')
  assert.equal(timed('2019-05-09T23:59:59.999999Z'), 'event')
  assert.equal(timed('2019-05-10T00:00:00Z'), 'odd_time')
  assert.equal(timed(-5), 'odd_time')
})

test('context.received_at stands in for a time outside the window, but not for an unreadable one', () => {
  const received_at = '2019-05-07T11:00:00Z'
  const context = { course_id: COURSE, received_at }
  assert.equal(rowOf(logLine({ time: '1970-01-01T00:00:00Z', context })).time_us, readTimeUs(received_at))
  assert.equal(rowOf(logLine({ time: '2018-01-01T00:00:00Z', context })).time_us, readTimeUs('2018-01-01T00:00:00Z'))
  assert.equal(reasonOf(logLine({ time: 'noon', context })), 'no_time')
  assert.equal(
    reasonOf(logLine({ time: '2030-01-01T00:00:00Z', context: { received_at: '2031-01-01T00:00:00Z' } })),
    'odd_time',
  )
})

test('timestamp stands in for a time that is not there', () => {
  const timestamp = '2019-05-07T12:00:00Z'
  for (const time of [undefined, null, ''])
    assert.equal(rowOf(logLine({ time, timestamp })).time_us, readTimeUs(timestamp))
  assert.equal(reasonOf(logLine({ time: 'noon', timestamp })), 'no_time')
  assert.equal(reasonOf(logLine({ time: null })), 'no_time')
  assert.equal(reasonOf(logLine({ time: '', timestamp: null })), 'no_time')
})
