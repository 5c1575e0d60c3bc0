// The progress display computes rates and a forecast from what the coordinator tells; both are worth nothing when wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { block, type ProgressFigures, ProgressMeter, plainLine } from '../../cli/progress_display.ts'
import { Site } from '../../contracts/day.ts'
import type { Progress } from '../../contracts/progress.ts'
import type { CoordinatorStatus } from '../../coordinator/status.ts'
import type { SurveyedDay } from '../../coordinator/survey.ts'
import { totalsOf } from '../../coordinator/totals.ts'

const day = (date: string, state: SurveyedDay['state']): SurveyedDay => ({
  date,
  state,
  bytes: 1_000,
  why: state === 'waiting' || state === 'running' ? { kind: 'new' } : null,
  planned: null,
})

function statusOf(days: readonly SurveyedDay[], worker: Partial<Progress>): CoordinatorStatus {
  const site = Site.parse('edx')
  const survey = { site, days, ...totalsOf(days, null) }
  const idle: Progress = {
    role: 'worker',
    process_id: 'a',
    slots: 1,
    running: [],
    days_done: 0,
    days_failed: 0,
    raw_bytes: 0,
    encrypted_bytes: 0,
    events: 0,
    merging: null,
  }
  return {
    sweeps: 1,
    settled: false,
    connected: true,
    source_problem: null,
    problem: null,
    outstanding: 0,
    window: 50,
    inventory: null,
    sites: [{ site, survey, plan_number: 1, head_number: null, held: 0, merge: 'reached' }],
    processes: [{ ...idle, ...worker }],
  }
}

test('ProgressMeter gives rates over the last seconds and the time that is left at that rate', () => {
  const meter = new ProgressMeter()
  const days = [
    day('2016-01-01', 'merged'),
    day('2016-01-02', 'quarantined'),
    day('2016-01-03', 'waiting'),
    day('2016-01-04', 'missing'),
  ]
  meter.figures(statusOf(days, {}), 0)
  const figures = meter.figures(statusOf(days, { events: 5_000, raw_bytes: 4e6, encrypted_bytes: 500 }), 2_000)
  assert.deepEqual(
    [
      figures.days_ended,
      figures.days,
      figures.quarantined,
      figures.events_per_second,
      figures.raw_bytes_per_second,
      figures.seconds_left,
    ],
    [2, 3, 1, 2_500, 2e6, 4],
  )
})

test('ProgressMeter gives no forecast before anything moved, and no negative rate when a worker starts anew', () => {
  const meter = new ProgressMeter()
  assert.equal(meter.figures(statusOf([day('2016-01-01', 'waiting')], { events: 100 }), 0).seconds_left, null)
  assert.equal(meter.figures(statusOf([day('2016-01-01', 'waiting')], { events: 0 }), 1_000).events_per_second, 0)
})

const figures: ProgressFigures = {
  days_ended: 1,
  days: 4,
  quarantined: 1,
  failures: 0,
  events_per_second: 12_345.6,
  raw_bytes_per_second: 9_876_543,
  seconds_left: 61,
  running: ['edx 2016-01-01'],
  merging: [],
  problem: null,
}

test('plainLine() tells days, rates, forecast and failures in one line', () => {
  assert.equal(plainLine(figures), '1/4 days · 12,346 events/s · 9.9 MB/s · 1 min 01 s left · 1 quarantined')
})

test('block() never draws wider than the terminal', () => {
  const drawn = block({ ...figures, problem: 'Cannot reach the source: '.repeat(20) }, 40)
  assert.match(drawn, /25 %/)
  assert.ok(drawn.split('\n').every((line) => [...line].length <= 40))
})
