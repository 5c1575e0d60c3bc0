// Stopping: the first request is soft, the second hard, and signals of the system count as requests.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createStop } from '../../runtime/stop.ts'

test('requestStop() is soft the first time, hard the second, and nothing more the third', () => {
  const stop = createStop()
  assert.deepEqual([stop.soft.aborted, stop.hard.aborted], [false, false])
  stop.requestStop()
  assert.deepEqual([stop.soft.aborted, stop.hard.aborted], [true, false])
  stop.requestStop()
  assert.deepEqual([stop.soft.aborted, stop.hard.aborted], [true, true])
  const reason: unknown = stop.hard.reason
  stop.requestStop()
  assert.equal(stop.hard.reason, reason)
})

test('a soft stop that takes longer than stop_ms_max becomes a hard one', async () => {
  const stop = createStop({ stop_ms_max: 5 })
  const hard = once(stop.hard, 'abort')
  stop.requestStop()
  assert.equal(stop.hard.aborted, false)
  // The timer does not keep a process alive that has finished; here something else must.
  const alive = setInterval(() => undefined, 1_000)
  await hard
  clearInterval(alive)
  assert.equal(stop.soft.aborted, true)
})

test('listen() takes SIGTERM and SIGINT for requests until it is disposed', async () => {
  const stop = createStop()
  const before = process.listenerCount('SIGTERM')
  {
    using _ = stop.listen()
    process.kill(process.pid, 'SIGTERM')
    await once(stop.soft, 'abort')
    process.kill(process.pid, 'SIGINT')
    await once(stop.hard, 'abort')
  }
  assert.equal(process.listenerCount('SIGTERM'), before)
})
