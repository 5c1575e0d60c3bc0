// A real server in a temporary folder and buses connected to it, for the tests of the queue.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QueueConfig } from '../../../config/schema.ts'
import type { Bus, BusObserver } from '../../../runtime/bus/bus.ts'
import { connectBus } from '../../../runtime/bus/connect_bus.ts'
import { type NatsServer, startNatsServer } from '../../../runtime/bus/nats_server.ts'

export interface TestServer extends AsyncDisposable {
  readonly store_dir: string
  server(): NatsServer
  /** Starts it again on its port and store after a kill or stop. */
  restart(signal: AbortSignal): Promise<void>
  connect(signal: AbortSignal, options?: { readonly ack_wait_s?: number; readonly observe?: BusObserver }): Promise<Bus>
}

/** Starts a server; disposal ends it and removes its folder. */
export async function aServer(signal: AbortSignal): Promise<TestServer> {
  const store_dir = await mkdtemp(join(tmpdir(), 'millrace-nats-'))
  let server = await startNatsServer({ store_dir, signal })
  const { port } = server
  return {
    store_dir,
    server: () => server,
    restart: async (until) => {
      server = await startNatsServer({ store_dir, port, signal: until })
    },
    connect: (until, options = {}) => {
      const queue = QueueConfig.parse({ servers: [server.url], ack_wait_s: options.ack_wait_s ?? 60 })
      const observe = options.observe === undefined ? {} : { observe: options.observe }
      return connectBus(
        { ...queue, servers: [server.url] },
        { name: 'test', base: store_dir, ...observe, signal: until },
      )
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      await rm(store_dir, { recursive: true, force: true })
    },
  }
}
