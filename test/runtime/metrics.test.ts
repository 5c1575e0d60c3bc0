// Metrics: names by Prometheus's rules, series that start at 0, and observers that move the right ones.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics, type Role, storeObserver } from '../../runtime/metrics.ts'

const ROLES: readonly Role[] = ['coordinator', 'worker', 'reducer']

for (const role of ROLES)
  test(`createMetrics() of a ${role} names everything by the rules`, async () => {
    const { registry } = createMetrics(role)
    const text = await registry.metrics()
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type] as const)
    assert(types.length > 20)
    for (const [name, type] of types) {
      assert.match(name, /^(millrace|process|nodejs)_[a-z0-9_]+$/)
      assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`)
      if (type === 'histogram') assert.match(name, /_seconds$/)
    }
    for (const [, name = ''] of text.matchAll(/^# HELP (\S+) /gm)) assert(types.some(([typed]) => typed === name))
    assert.match(text, new RegExp(`^millrace_build_info{version="[^"]+",node="[^"]+",role="${role}"} 1$`, 'm'))
  })

test('createMetrics() keeps two roles of one process apart', async () => {
  const worker = createMetrics('worker')
  const reducer = createMetrics('reducer')
  worker.jobs_running.set(3)
  assert.match(await worker.registry.metrics(), /^millrace_jobs_running 3$/m)
  assert(!(await reducer.registry.metrics()).includes('millrace_jobs_running'))
})

test('known label sets start at 0', async () => {
  const worker = createMetrics('worker')
  worker.startSite('edx')
  const text = await worker.registry.metrics()
  for (const series of [
    'millrace_rejected_lines_total{site="edx",reason="bad_json"} 0',
    'millrace_lines_total{site="edx",result="duplicate"} 0',
    'millrace_jobs_completed_total{site="edx",result="quarantine"} 0',
    'millrace_input_bytes_total{stage="raw"} 0',
    'millrace_store_bytes_total{direction="in"} 0',
    'millrace_store_retries_total{op="put",reason="conflict"} 0',
    'millrace_nats_connected 0',
  ])
    assert(text.split('\n').includes(series), series)
})

test('storeObserver() moves the metrics of requests, and watchConnection() is asked at each scrape', async () => {
  const metrics = createMetrics('reducer')
  const store = storeObserver(metrics)
  store.request('put', 0.2, 'conflict')
  store.bytes('out', 1_000)
  store.bytes('out', 24)
  store.retry('list', 'busy')
  let connected = true
  metrics.watchConnection(() => connected)
  const lines = (await metrics.registry.metrics()).split('\n')
  for (const series of [
    'millrace_store_request_duration_seconds_count{op="put",result="conflict"} 1',
    'millrace_store_request_duration_seconds_bucket{le="0.1",op="put",result="conflict"} 0',
    'millrace_store_request_duration_seconds_bucket{le="0.25",op="put",result="conflict"} 1',
    'millrace_store_bytes_total{direction="out"} 1024',
    'millrace_store_retries_total{op="list",reason="busy"} 1',
    'millrace_nats_connected 1',
  ])
    assert(lines.includes(series), series)
  connected = false
  assert.match(await metrics.registry.metrics(), /^millrace_nats_connected 0$/m)
})
