// The queue against a real server in good health: what goes in comes out once, to one, and outcomes end it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { connect } from '@nats-io/transport-node'
import type { Bus } from '../../../runtime/bus/bus.ts'
import { settle } from '../../../runtime/bus/settle.ts'
import { aServer, type TestServer } from './a_server.ts'

const DONE = { kind: 'done', how: 'computed' } as const

describe('the queue', { timeout: 60_000 }, () => {
  const signal = AbortSignal.timeout(60_000)
  let server: TestServer
  let bus: Bus

  before(async () => {
    server = await aServer(signal)
    bus = await server.connect(signal, { ack_wait_s: 1 })
    await bus.ensureQueue(bus.subjects.map, { signal })
  })
  after(async () => {
    await bus[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await bus.drop(bus.subjects.map, () => true, { signal })
  })

  const put = (date: string, id = crypto.randomUUID()) =>
    bus.publish(bus.subjects.mapJob('edx', date, 'f'), { date }, { id, signal })

  it('next() gives a published body, its subject and the first attempt', async () => {
    await put('2020-01-01')
    const delivery = await bus.next(bus.subjects.map, { signal })
    assert.deepEqual(delivery.body, { date: '2020-01-01' })
    assert.equal(delivery.subject, 'millrace.job.map.edx.2020-01-01.f')
    assert.equal(delivery.attempts, 1)
    await settle(delivery, DONE, { signal })
    assert.deepEqual(await bus.outstanding(bus.subjects.map, { signal }), new Map())
  })

  it('publish() with an id that was used says duplicate and stores nothing', async () => {
    const id = crypto.randomUUID()
    assert.equal(await put('2020-01-02', id), 'queued')
    assert.equal(await put('2020-01-02', id), 'duplicate')
    assert.deepEqual(
      await bus.outstanding(bus.subjects.map, { signal }),
      new Map([['millrace.job.map.edx.2020-01-02.f', 1]]),
    )
  })

  it('a job that nobody settles is delivered again after ack_wait_s, with the next attempt', async () => {
    await put('2020-01-03')
    await bus.next(bus.subjects.map, { signal })
    const again = await bus.next(bus.subjects.map, { signal })
    assert.equal(again.attempts, 2)
    await settle(again, DONE, { signal })
  })

  it('beat() keeps a job beyond ack_wait_s', async () => {
    await put('2020-01-04')
    const delivery = await bus.next(bus.subjects.map, { signal })
    const beats = setInterval(() => delivery.beat(), 200)
    const stop = new AbortController()
    const other = bus.next(bus.subjects.map, { signal: stop.signal }).then(
      () => 'delivered',
      () => 'aborted',
    )
    setTimeout(() => stop.abort(), 2_500)
    assert.equal(await other, 'aborted')
    clearInterval(beats)
    await settle(delivery, DONE, { signal })
  })

  it('settle() with retry gives a job back, not before its time', async () => {
    await put('2020-01-05')
    const first = await bus.next(bus.subjects.map, { signal })
    const given_back = performance.now()
    await settle(first, { kind: 'retry', after_ms: 400, code: 'stalled', reason: 'none' }, { signal })
    const second = await bus.next(bus.subjects.map, { signal })
    assert.equal(second.attempts, 2)
    assert.ok(performance.now() - given_back >= 390)
    await settle(second, { kind: 'retry', after_ms: 0, code: 'aborted', reason: 'none' }, { signal })
    const third = await bus.next(bus.subjects.map, { signal })
    assert.equal(third.attempts, 3)
    await settle(third, { kind: 'quarantine', class: 'other', code: 'crash_loop', reason: 'none' }, { signal })
    assert.equal((await bus.queueState(bus.subjects.map, { signal })).messages, 0)
  })

  it('a message that is no JSON is delivered with an undefined body', async () => {
    const raw = await connect({ servers: server.server().url })
    await raw.request(bus.subjects.mapJob('edx', '2020-01-06', 'f'), 'not json')
    await raw.close()
    const delivery = await bus.next(bus.subjects.map, { signal })
    assert.equal(delivery.body, undefined)
    await settle(delivery, DONE, { signal })
  })

  it('two takers share the jobs, one per pull', async () => {
    await using other = await server.connect(signal, { ack_wait_s: 1 })
    const taken = [0, 0]
    const wanted = 40
    const stop = new AbortController()
    const take = async (from: Bus, which: 0 | 1): Promise<void> => {
      for (;;) {
        const delivery = await from.next(from.subjects.map, { signal: stop.signal }).catch(() => null)
        if (delivery === null) return
        await settle(delivery, DONE, { signal })
        taken[which] = (taken[which] ?? 0) + 1
        if ((taken[0] ?? 0) + (taken[1] ?? 0) === wanted) stop.abort()
      }
    }
    const takers = [take(bus, 0), take(other, 1)]
    for (let job = 0; job < wanted; job++) await put(`2020-02-${job}`)
    await Promise.all(takers)
    assert.ok(Math.min(...taken) >= 5, `one taker starved: ${taken.join(' and ')}`)
  })

  it('next() that was aborted takes no job with it', async () => {
    for (let round = 0; round < 20; round++) {
      const stop = new AbortController()
      const taken = bus.next(bus.subjects.map, { signal: stop.signal }).then(
        (delivery) => delivery,
        () => null,
      )
      const putting = put(`2020-03-${round}`)
      if (round % 2 === 0) await putting
      stop.abort()
      const delivery = (await taken) ?? (await bus.next(bus.subjects.map, { signal }))
      // A job lost in the first pull would come only after ack_wait_s.
      assert.equal(delivery.subject, `millrace.job.map.edx.2020-03-${round}.f`)
      await putting
      await settle(delivery, DONE, { signal })
    }
  })

  it('drop() deletes the named subjects and no others', async () => {
    for (const date of ['2020-04-01', '2020-04-02', '2020-04-03', '2020-04-03']) await put(date)
    const dropped = await bus.drop(bus.subjects.map, (subject) => subject.includes('2020-04-03'), { signal })
    assert.equal(dropped, 2)
    const left = await bus.outstanding(bus.subjects.map, { signal })
    assert.deepEqual([...left.keys()].sort(), [
      'millrace.job.map.edx.2020-04-01.f',
      'millrace.job.map.edx.2020-04-02.f',
    ])
    for (let job = 0; job < 2; job++) await settle(await bus.next(bus.subjects.map, { signal }), DONE, { signal })
  })

  it('queueState() tells what waits and what is in hand', async () => {
    await put('2020-05-01')
    await put('2020-05-02')
    const delivery = await bus.next(bus.subjects.map, { signal })
    const state = await bus.queueState(bus.subjects.map, { signal })
    assert.deepEqual(
      { messages: state.messages, pending: state.pending, ack_pending: state.ack_pending },
      { messages: 2, pending: 1, ack_pending: 1 },
    )
    await settle(delivery, DONE, { signal })
  })

  it('heal() by a new consumer delivers again what is still stored', async () => {
    await put('2020-06-01')
    await bus.next(bus.subjects.map, { signal })
    await bus.heal(bus.subjects.map, 'recreate_consumer', { signal })
    const delivery = await bus.next(bus.subjects.map, { signal })
    assert.equal(delivery.attempts, 1)
    await bus.heal(bus.subjects.map, 'purge_orphans', { signal })
    assert.equal((await bus.queueState(bus.subjects.map, { signal })).messages, 1)
    await settle(delivery, DONE, { signal })
  })

  it('ensureQueue() brings an existing consumer up to the config', async () => {
    await using patient = await server.connect(signal, { ack_wait_s: 30 })
    await patient.ensureQueue(patient.subjects.map, { signal })
    await put('2020-07-01')
    await bus.next(bus.subjects.map, { signal })
    await bus.ensureQueue(bus.subjects.map, { signal })
    await put('2020-07-02')
    const second = await bus.next(bus.subjects.map, { signal })
    await settle(second, DONE, { signal })
    assert.match(second.subject, /2020-07-0[12]/)
  })

  it('publish() to a subject of no queue is refused', async () => {
    await assert.rejects(bus.publish('elsewhere', {}, { id: '1', signal }), { code: 'queue_unfit' })
  })
})
