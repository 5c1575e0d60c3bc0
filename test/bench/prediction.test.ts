// A prediction is believed by people who cannot check it, so its arithmetic is checked here on figures that a head can do.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ASSUMED, type Assumptions, predict, type Rates } from './prediction.ts'

/** A hundred megabytes of log in a CPU second, days of a gigabyte. */
const RATES: Rates = {
  map_cpu_seconds_per_byte: 1 / 100e6,
  expansion: 10,
  day_bytes: 1e9,
  parts_per_day: 9,
  part_bytes_per_day: 10e6,
  coordinator_cpu_seconds_per_job: 0.002,
  merge_cpu_seconds_per_day: 0.06,
}
const ROUND: Assumptions = {
  machines: 50,
  cores_per_machine: 2,
  sites: 3,
  network_bytes_per_second_per_machine: 100e6,
  gets_per_second: 1_000,
  puts_per_second: 500,
  dollars_per_get: 0.001,
  dollars_per_put: 0.01,
  dollars_per_machine_hour: 0.36,
  sweep_s: 60,
}

test('predict() reckons each resource by itself and takes the slowest', () => {
  const found = predict(10e12, RATES, ROUND)
  assert.equal(found.days, 10_000)
  assert.equal(found.log_file_bytes, 1e12)
  assert.deepEqual(found.seconds_by_resource, {
    cores: 1_000,
    network: (1e12 + 10_000 * 10e6) / 5e9,
    coordinator: 20,
    gets: (2 * 10_000 + 10_000 * 10) / 1_000,
    puts: 200,
    reducers: 200,
  })
  assert.deepEqual([found.saturated, found.seconds], ['cores', 1_000])
})

test('predict() counts requests with the listings of every sweep, and the machines for as long as it takes', () => {
  const found = predict(10e12, RATES, ROUND)
  assert.equal(found.gets, 120_000)
  // 17 sweeps, each with 10 pages and one more per site, of log files and of receipts.
  assert.equal(found.puts, 100_000 + 17 * 2 * 13)
  assert.ok(Math.abs(found.dollars_for_requests - (120 + 1_004.42)) < 1e-9)
  assert.ok(Math.abs(found.dollars_for_machines - 5) < 1e-9)
})

test('predict() finds what saturates when machines are many, and leaves out what was not measured', () => {
  const crowd = { ...ROUND, machines: 5_000 }
  assert.equal(predict(10e12, { ...RATES, merge_cpu_seconds_per_day: 0.3 }, crowd).saturated, 'reducers')
  const unmeasured = { ...RATES, merge_cpu_seconds_per_day: null, coordinator_cpu_seconds_per_job: null }
  const found = predict(10e12, unmeasured, crowd)
  assert.deepEqual([found.seconds_by_resource.coordinator, found.seconds_by_resource.reducers], [null, null])
  assert.equal(found.saturated, 'puts')
})

test('the assumed prices are those of the price list', () => {
  assert.equal(ASSUMED.dollars_per_get * 1_000, 0.0004)
  assert.equal(ASSUMED.dollars_per_put * 1_000, 0.005)
})
