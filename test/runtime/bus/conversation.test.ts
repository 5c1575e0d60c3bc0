// Questions, answers and broadcasts between processes, over a real server.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Bus } from '../../../runtime/bus/bus.ts'
import { aServer, type TestServer } from './a_server.ts'

describe('conversation', { timeout: 30_000 }, () => {
  const signal = AbortSignal.timeout(30_000)
  let server: TestServer
  let here: Bus
  let there: Bus

  before(async () => {
    server = await aServer(signal)
    here = await server.connect(signal)
    there = await server.connect(signal)
  })
  after(async () => {
    await here[Symbol.asyncDispose]()
    await there[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  it('request() hears the answer of one of several answerers', async () => {
    let asked = 0
    const double = async (body: unknown): Promise<unknown> => {
      asked++
      return { doubled: Number(body) * 2 }
    }
    await using _first = await there.answer('millrace.double', double)
    await using _second = await here.answer('millrace.double', double)
    assert.deepEqual(await here.request('millrace.double', 21, { timeout_ms: 5_000, signal }), { doubled: 42 })
    assert.equal(asked, 1)
  })

  it('request() tells at once that nobody listens, and in time that nobody answers', async () => {
    await assert.rejects(here.request('millrace.nobody', {}, { timeout_ms: 5_000, signal }), {
      code: 'queue_unreachable',
      message: 'Cannot get an answer on "millrace.nobody": nobody listens there',
    })
    await using _silent = await there.answer('millrace.failing', async () => {
      throw new Error('cannot')
    })
    await assert.rejects(here.request('millrace.failing', {}, { timeout_ms: 200, signal }), {
      code: 'queue_unreachable',
      message: 'Cannot get an answer on "millrace.failing": nobody answered in time',
    })
  })

  it('request() ends with the abort', async () => {
    await using _never = await there.answer('millrace.never', () => new Promise((resolve) => setTimeout(resolve, 300)))
    const stop = new AbortController()
    const asking = here.request('millrace.never', {}, { timeout_ms: 10_000, signal: stop.signal })
    stop.abort(new Error('enough'))
    await assert.rejects(asking, /enough/)
  })

  it('an answer that was under way when its answerer was disposed of still arrives', async () => {
    const started = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const answering = await there.answer('millrace.slow', async () => {
      started.resolve()
      await release.promise
      return 'late'
    })
    const asking = here.request('millrace.slow', {}, { timeout_ms: 10_000, signal })
    await started.promise
    const disposed = answering[Symbol.asyncDispose]()
    release.resolve()
    assert.equal(await asking, 'late')
    await disposed
  })

  it('broadcast() reaches every listener until it is disposed of, and a failing listener harms nobody', async () => {
    const first: unknown[] = []
    const second = Promise.withResolvers<unknown>()
    const listening = await here.listen(here.subjects.progress_all, (body) => {
      first.push(body)
      throw new Error('a listener that fails')
    })
    await using _other = await there.listen(there.subjects.progress_all, second.resolve)
    there.broadcast(there.subjects.progress('w1'), { days_done: 1 })
    assert.deepEqual(await second.promise, { days_done: 1 })
    await listening[Symbol.asyncDispose]()
    assert.deepEqual(first, [{ days_done: 1 }])
  })
})
