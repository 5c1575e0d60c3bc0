// The HTTP server of a process: what Prometheus and Kubernetes hear of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MillraceError } from '../../contracts/errors.ts'
import { type HttpOptions, serveHttp } from '../../runtime/http_server.ts'
import { createMetrics } from '../../runtime/metrics.ts'

const serve = (given: Partial<HttpOptions> = {}) =>
  serveHttp({
    host: '127.0.0.1',
    port: 0,
    metrics: createMetrics('worker'),
    ready: () => Promise.resolve([]),
    alive: () => [],
    signal: new AbortController().signal,
    ...given,
  })

async function get(port: number, path: string): Promise<{ status: number; type: string | null; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

test('/metrics is in the format of Prometheus', async () => {
  await using server = await serve()
  const { status, type, text } = await get(server.port, '/metrics')
  assert.equal(status, 200)
  assert.equal(type, 'text/plain; version=0.0.4; charset=utf-8')
  assert.match(text, /^millrace_jobs_running 0$/m)
})

test('/healthz and /livez tell whether the process lives, /readyz whether it may have work', async () => {
  let dead: string[] = []
  let unready: string[] = []
  await using server = await serve({ alive: () => dead, ready: () => Promise.resolve(unready) })
  const statuses = async () => {
    const answers = await Promise.all(['/healthz', '/livez', '/readyz'].map((path) => get(server.port, path)))
    return answers.map(({ status }) => status)
  }
  assert.deepEqual(await statuses(), [200, 200, 200])
  unready = ['not connected to NATS']
  assert.deepEqual(await statuses(), [200, 200, 503])
  const { text } = await get(server.port, '/readyz')
  assert.deepEqual(JSON.parse(text), { ok: false, reasons: ['not connected to NATS'] })
  dead = ['the event loop stands still']
  assert.deepEqual(await statuses(), [503, 503, 503])
})

test('/readyz takes a check that fails for a reason', async () => {
  const ready = () => Promise.reject(new MillraceError('queue_unreachable', 'Cannot reach NATS at "nats://x": refused'))
  await using server = await serve({ ready })
  const { status, text } = await get(server.port, '/readyz')
  assert.equal(status, 503)
  assert.deepEqual(JSON.parse(text), { ok: false, reasons: ['Cannot reach NATS at "nats://x": refused'] })
})

test('an unknown path is 404', async () => {
  await using server = await serve()
  assert.equal((await get(server.port, '/')).status, 404)
})

test('serveHttp() says that the address is in use', async () => {
  await using server = await serve()
  await assert.rejects(serve({ port: server.port }), (error: unknown) => {
    assert(error instanceof MillraceError)
    assert.equal(error.code, 'address_unusable')
    assert.equal(error.message, `Cannot serve HTTP on 127.0.0.1:${server.port}: the address is in use`)
    return true
  })
})

test('an abort closes the server, connections kept alive included', async () => {
  const controller = new AbortController()
  const server = await serve({ signal: controller.signal })
  await get(server.port, '/healthz')
  controller.abort()
  await server[Symbol.asyncDispose]()
  await assert.rejects(get(server.port, '/healthz'))
})
