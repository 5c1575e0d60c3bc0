// The bus when the server is killed, wiped, away or wrong: waits go on, work comes back, and only an abort ends a wait.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { QueueConfig } from '../../../config/schema.ts'
import type { Bus, BusObserver, BusStatus } from '../../../runtime/bus/bus.ts'
import { fitness } from '../../../runtime/bus/capabilities.ts'
import { connectBus } from '../../../runtime/bus/connect_bus.ts'
import { attemptsOf } from '../../../runtime/bus/delivery.ts'
import { settle } from '../../../runtime/bus/settle.ts'
import { aServer } from './a_server.ts'

const DONE = { kind: 'done', how: 'computed' } as const

/** An observer whose `seen(status)` resolves when that status was told; ask before causing it. */
function watcher(): BusObserver & { seen(status: BusStatus): Promise<string> } {
  const waiting = new Map<BusStatus, (detail: string) => void>()
  return {
    status: (status, detail) => waiting.get(status)?.(detail),
    request: () => undefined,
    error: () => undefined,
    seen: (status) => new Promise((resolve) => waiting.set(status, resolve)),
  }
}

const put = (bus: Bus, date: string, signal: AbortSignal) =>
  bus.publish(bus.subjects.mapJob('edx', date, 'f'), { date }, { id: crypto.randomUUID(), signal })

describe('the bus and faults', { timeout: 90_000, concurrency: 3 }, () => {
  const signal = AbortSignal.timeout(85_000)

  it('next() goes on waiting over kill -9 and restart, and jobs survive', async () => {
    await using server = await aServer(signal)
    const watch = watcher()
    await using bus = await server.connect(signal, { observe: watch })
    await put(bus, '2020-01-01', signal)
    await settle(await bus.next(bus.subjects.map, { signal }), DONE, { signal })
    const waiting = bus.next(bus.subjects.map, { signal })
    const gone = watch.seen('disconnected')
    await server.server().kill()
    await gone
    assert.equal(bus.connected(), false)
    const publishing = put(bus, '2020-01-02', signal)
    const back = watch.seen('reconnected')
    await server.restart(signal)
    await back
    await publishing
    let delivery = await waiting
    // A killed server may forget an acknowledgement: the first job may come back.
    while (!delivery.subject.includes('2020-01-02')) {
      await settle(delivery, DONE, { signal })
      delivery = await bus.next(bus.subjects.map, { signal })
    }
    await settle(delivery, DONE, { signal })
  })

  it('next() and publish() make the stream anew when the store was wiped', async () => {
    await using server = await aServer(signal)
    await using bus = await server.connect(signal)
    await bus.ensureQueue(bus.subjects.map, { signal })
    await put(bus, '2020-01-01', signal)
    await server.server().stop()
    await rm(join(server.store_dir, 'jetstream'), { recursive: true })
    await server.restart(signal)
    const waiting = bus.next(bus.subjects.map, { signal })
    assert.equal(await put(bus, '2020-01-02', signal), 'queued')
    assert.deepEqual((await waiting).body, { date: '2020-01-02' })
    assert.equal((await bus.outstanding(bus.subjects.map, { signal })).size, 1)
  })

  for (const victim of ['stream', 'consumer'] as const)
    it(`next() goes on waiting when the ${victim} is deleted`, async () => {
      await using server = await aServer(signal)
      await using bus = await server.connect(signal)
      await bus.ensureQueue(bus.subjects.map, { signal })
      const waiting = bus.next(bus.subjects.map, { signal })
      const raw = await connect({ servers: server.server().url })
      const manager = await jetstreamManager(raw)
      // The pull must stand at the server before its consumer goes.
      while ((await manager.consumers.info(bus.subjects.map.stream, bus.subjects.map.consumer)).num_waiting === 0);
      if (victim === 'stream') await manager.streams.delete(bus.subjects.map.stream)
      else await manager.consumers.delete(bus.subjects.map.stream, bus.subjects.map.consumer)
      await raw.close()
      await put(bus, '2020-01-03', signal)
      const delivery = await waiting
      assert.deepEqual(delivery.body, { date: '2020-01-03' })
      await settle(delivery, DONE, { signal })
    })

  it('next() notices a frozen server by its silence and goes on when it thaws', async () => {
    await using server = await aServer(signal)
    const { promise: noticed, resolve: notice } = Promise.withResolvers<void>()
    await using bus = await server.connect(signal, { observe: { ...watcher(), error: () => notice() } })
    await bus.ensureQueue(bus.subjects.map, { signal })
    const waiting = bus.next(bus.subjects.map, { signal })
    process.kill(server.server().pid, 'SIGSTOP')
    await noticed
    process.kill(server.server().pid, 'SIGCONT')
    await put(bus, '2020-01-04', signal)
    const delivery = await waiting
    assert.equal(delivery.attempts, 1, 'the pull that was given up took the job')
    await settle(delivery, DONE, { signal })
  })

  it('waits while the server is away end with the abort, and so does disposal', async () => {
    await using server = await aServer(signal)
    const watch = watcher()
    const bus = await server.connect(signal, { observe: watch })
    const gone = watch.seen('disconnected')
    await server.server().kill()
    await gone
    const stop = new AbortController()
    const waits = [
      bus.next(bus.subjects.map, { signal: stop.signal }),
      put(bus, '2020-01-05', stop.signal),
      bus.outstanding(bus.subjects.map, { signal: stop.signal }),
    ]
    bus.broadcast(bus.subjects.ended, { lost: true })
    stop.abort(new Error('enough'))
    for (const wait of waits) await assert.rejects(wait, /enough/)
    await bus[Symbol.asyncDispose]()
    assert.equal(await bus.closed(), undefined)
  })

  it('connectBus() keeps trying, says so, and connects when the server comes', async () => {
    await using server = await aServer(signal)
    await server.server().stop()
    const watch = watcher()
    const trying = watch.seen('connecting')
    const connecting = server.connect(signal, { observe: watch })
    assert.match(await trying, /^Cannot reach the queue at nats:\/\/127\.0\.0\.1:\d+ yet: /)
    await server.restart(signal)
    await using bus = await connecting
    assert.match(bus.server_version, /^2\./)
  })

  it('connectBus() rejects with queue_unreachable when told to stop before a server came', async () => {
    const stop = new AbortController()
    const queue = { ...QueueConfig.parse({}), servers: ['nats://127.0.0.1:1'] }
    const watch = watcher()
    const trying = watch.seen('connecting')
    const connecting = connectBus(queue, { name: 'test', base: '.', observe: watch, signal: stop.signal })
    await trying
    stop.abort()
    await assert.rejects(connecting, { code: 'queue_unreachable' })
  })

  it('connectBus() refuses a server that is too old or has no JetStream', async () => {
    for (const [version, jetstream, why] of [
      ['2.8.4', true, /too old/],
      ['2.9.10', false, /JetStream is not enabled/],
    ] as const) {
      await using fake = await aFakeServer(version, jetstream)
      const queue = { ...QueueConfig.parse({}), servers: [fake.url] }
      await assert.rejects(connectBus(queue, { name: 'test', base: '.', signal }), (error: unknown) => {
        assert.ok(error instanceof Error && 'code' in error)
        assert.equal(error.code, 'queue_unfit')
        assert.match(error.message, why)
        return true
      })
    }
  })

  it('fitness() knows the checked lines, and refuses only what is too old', () => {
    assert.equal(fitness('2.8.99'), 'too_old')
    assert.equal(fitness('1.4.1'), 'too_old')
    for (const version of ['2.9.0', '2.9.10', '2.10.22', '2.12.3', '2.14.5']) assert.equal(fitness(version), 'fit')
    for (const version of ['2.15.0', '3.0.0', 'dev']) assert.equal(fitness(version), 'unknown')
  })

  it('attemptsOf() reads both forms of reply subjects', () => {
    assert.equal(attemptsOf('$JS.ACK.MILLRACE_MAP.workers.3.17.20.1700000000000000000.4'), 3)
    assert.equal(attemptsOf('$JS.ACK._.hash.MILLRACE_MAP.workers.5.17.20.1700000000000000000.4.random'), 5)
    assert.equal(attemptsOf(''), 1)
  })

  it('a password is read from its file, and a wrong one is tried again with the next content', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-nats-'))
    await using server = await aServer(signal)
    await server.server().stop()
    const password_file = join(folder, 'password')
    await writeFile(password_file, 'wrong\n')
    const conf = join(server.store_dir, 'with_password.conf')
    const port = server.server().port
    await writeFile(
      conf,
      `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}" }\nauthorization { user: czar, password: right }\n`,
    )
    const child = spawn('/usr/sbin/nats-server', ['--config', conf], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    try {
      const queue = QueueConfig.parse({ servers: [`127.0.0.1:${port}`], user: 'czar', password_file: 'password' })
      const watch = watcher()
      const refused = new Promise<void>((resolve) => {
        watch.status = (_, detail) => {
          if (/authorization/i.test(detail)) resolve()
        }
      })
      const connecting = connectBus(
        { ...queue, servers: queue.servers ?? [] },
        { name: 'test', base: folder, observe: watch, signal },
      )
      await refused
      await writeFile(password_file, 'right\n')
      await using bus = await connecting
      await bus.ensureQueue(bus.subjects.map, { signal })
    } finally {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true })
    }
  })
})

/** Speaks just enough of the protocol to be asked for its version. */
async function aFakeServer(version: string, jetstream: boolean): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((socket) => {
    const info = { server_id: 'x', version, headers: true, max_payload: 1_048_576, jetstream, proto: 1 }
    socket.write(`INFO ${JSON.stringify(info)}\r\n`)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      const text = data.toString()
      if (text.includes('PING')) socket.write('PONG\r\n')
      const asked = /PUB \$JS\.API\.INFO (\S+)/.exec(text)
      const subscribed = /SUB \S+ (\d+)\r\n/.exec(text)
      if (asked) {
        const head = 'NATS/1.0 503\r\n\r\n'
        socket.write(`HMSG ${asked[1]} ${subscribed?.[1] ?? 1} ${head.length} ${head.length}\r\n${head}\r\n`)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: typeof address === 'object' && address ? `127.0.0.1:${address.port}` : '',
    [Symbol.asyncDispose]: async () => {
      server.close()
    },
  }
}
