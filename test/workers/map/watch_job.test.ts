// Beats follow the thread's progress, and a thread that stands still is noticed once.
import assert from 'node:assert/strict'
import { it, mock } from 'node:test'
import { SharedProgress } from '../../../workers/map/shared_progress.ts'
import { watchJob } from '../../../workers/map/watch_job.ts'

it('watchJob() beats while the thread moves, is silent while it does not, and then calls it stalled', async () => {
  const progress = new SharedProgress()
  let beats = 0
  const { promise: stalled, resolve } = Promise.withResolvers<number>()
  const ack_wait_ms = 60
  const moving = setInterval(() => progress.step(), 5)
  {
    using _watch = watchJob({
      progress,
      ack_wait_ms,
      beat: () => {
        beats++
        if (beats === 8) clearInterval(moving)
      },
      stalled: () => resolve(performance.now()),
    })
    const started = performance.now()
    const ended = await stalled
    assert.ok(ended - started > 5 * ack_wait_ms, 'stalled before five ack_waits')
  }
  assert.ok(beats === 8 || beats === 9, `${beats} beats`)
})

it('watchJob() does nothing after its disposal', () => {
  mock.timers.enable({ apis: ['setInterval'] })
  try {
    const progress = new SharedProgress()
    let beats = 0
    const watch = watchJob({ progress, ack_wait_ms: 100, beat: () => beats++, stalled: () => assert.fail('stalled') })
    progress.step()
    mock.timers.tick(25)
    assert.equal(beats, 1)
    watch[Symbol.dispose]()
    progress.step()
    mock.timers.tick(100)
    assert.equal(beats, 1)
  } finally {
    mock.timers.reset()
  }
})
