// The pool of threads: one that dies, hangs or grows costs its own job an attempt and nobody else anything.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { MillraceError } from '../../../contracts/errors.ts'
import { fingerprintOf } from '../../../contracts/fingerprint.ts'
import { MapJob } from '../../../contracts/job.ts'
import { RECIPE } from '../../../contracts/recipe.ts'
import { createPool, type MapPool, type ThreadExit } from '../../../workers/map/pool.ts'
import { SharedProgress } from '../../../workers/map/shared_progress.ts'
import { logFile } from './extract_fixture.ts'

function jobOf(key: string): MapJob {
  const log_file = { ...logFile(new Uint8Array(9), 'gzip'), key }
  const rules = { duplicates: 'drop' as const, organisations: [], keep_events: [], tables: '', geoip: '' }
  return MapJob.parse({
    kind: 'map',
    log_file,
    fingerprint: fingerprintOf({ log_file, recipe: RECIPE, rules, epoch: 0 }),
    recipe: RECIPE,
    rules,
  })
}

describe('the pool', { timeout: 60_000 }, () => {
  const exits: ThreadExit[] = []
  let scratch: string
  let pool: MapPool

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'millrace-pool-'))
    pool = await createPool({
      threads: 1,
      settings: {
        source: { url: './source', path_style: false },
        results: { url: './results', path_style: false },
        base: scratch,
        scratch,
        memory_mb: 64,
        allow_unauthenticated: false,
        geoip_path: null,
        own_tables: [],
      },
      exited: (reason) => exits.push(reason),
      heap_mb: 64,
      program: new URL('./a_frail_thread.ts', import.meta.url),
    })
  })
  after(async () => {
    await pool[Symbol.asyncDispose]()
    assert.deepEqual(await readdir(scratch), [], 'the pool left something in scratch')
    await rm(scratch, { recursive: true })
  })

  const run = (key: string, signal = new AbortController().signal, progress = new SharedProgress()) =>
    pool.run(
      { job: jobOf(key), attempt: 1, worker: 'test', progress },
      {
        sessionKey: async (packets) => {
          if (packets.length !== 3) throw new Error('other packets came')
          throw new MillraceError('key_service_silent', 'Cannot get a session key: nobody is there')
        },
        signal,
      },
    )

  for (const [key, why, exit] of [
    ['exit', /its thread ended$/, 'error'],
    ['throw', /its thread failed with RangeError$/, 'error'],
    ['memory', /its thread ran out of heap$/, 'memory'],
  ] as const)
    it(`run() rejects with thread_lost when the thread meets "${key}", and the pool goes on`, async () => {
      exits.length = 0
      await assert.rejects(run(key), (error: unknown) => {
        assert.ok(error instanceof MillraceError)
        assert.equal(error.code, 'thread_lost')
        assert.match(error.message, why)
        assert.doesNotMatch(error.message, /learner/)
        return true
      })
      assert.deepEqual(exits, [exit])
      assert.equal((await run('fail')).kind, 'failed')
    })

  it('run() asks the session key outside, and tells the thread when there is no answer', async () => {
    const result = await run('ask')
    assert.deepEqual(result.kind === 'failed' && [result.code, JSON.parse(result.reason)], [
      'unanswered',
      { kind: 'unanswered', reason: 'Cannot get a session key: nobody is there' },
    ])
  })

  it('the reason of an unexpected failure tells its kind and place, and not its message', async () => {
    const result = await run('fail')
    assert.ok(result.kind === 'failed')
    assert.equal(result.code, 'thread_lost')
    assert.match(result.reason, /^Cannot finish the day: unexpected RangeError at a_frail_thread\.ts:\d+$/)
  })

  /** Waits until the thread says by its progress that it works. */
  async function underWay(progress: SharedProgress): Promise<void> {
    while (progress.read().steps === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('an abort lets the thread end by itself', async () => {
    exits.length = 0
    const stop = new AbortController()
    const progress = new SharedProgress()
    const running = run('wait', stop.signal, progress)
    await underWay(progress)
    stop.abort()
    assert.deepEqual(await running, {
      kind: 'failed',
      code: 'aborted',
      reason: 'abort',
      traffic: { requests: [], retries: [], bytes_in: 0, bytes_out: 0 },
    })
    assert.deepEqual(exits, [])
  })

  it('a thread that does not hear the abort is ended, and the pool goes on', async () => {
    exits.length = 0
    const stop = new AbortController()
    const progress = new SharedProgress()
    const running = run('hang', stop.signal, progress)
    await underWay(progress)
    stop.abort()
    await assert.rejects(running, { code: 'aborted' })
    assert.deepEqual(exits, ['abort'])
    assert.equal((await run('fail')).kind, 'failed')
  })

  it('run() rejects at once when it was aborted before', async () => {
    await assert.rejects(run('wait', AbortSignal.abort()), { code: 'aborted' })
  })
})
