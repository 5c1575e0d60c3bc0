// The small HTTP server of every process: /metrics for Prometheus, /healthz (or /livez) and /readyz for Kubernetes.
// A process that cannot be asked is restarted for nothing or never.
import { fastify } from 'fastify'
import { MillraceError } from '../contracts/errors.ts'
import type { CommonMetrics } from './metrics.ts'

/** Connections held open at the same time; Prometheus and a kubelet need three. */
const CONNECTIONS_MAX = 64
/** Time that one request and the checks of its answer may take. */
const REQUEST_MS_MAX = 5_000

export interface HttpOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly metrics: Pick<CommonMetrics, 'registry'>
  /** Reasons why no work should be sent here yet; none means ready. */
  readonly ready: () => Promise<readonly string[]>
  /** Reasons why only a restart helps; none means alive. */
  readonly alive: () => readonly string[]
  /** Closes the server. */
  readonly signal: AbortSignal
}

/** Serves until disposed or aborted. */
export async function serveHttp(options: HttpOptions): Promise<AsyncDisposable & { readonly port: number }> {
  const { host, port, metrics, ready, alive, signal } = options
  const server = fastify({
    bodyLimit: 1_024,
    requestTimeout: REQUEST_MS_MAX,
    connectionTimeout: REQUEST_MS_MAX * 2,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
  })
  server.server.maxConnections = CONNECTIONS_MAX

  const health = () => verdict(alive())
  server.get('/metrics', async (_, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  for (const path of ['/healthz', '/livez'])
    server.get(path, (_, reply) => {
      const { status, body } = health()
      return reply.code(status).send(body)
    })
  server.get('/readyz', async (_, reply) => {
    const { status, body } = verdict(await inTime(ready))
    return await reply.code(status).send(body)
  })

  const close = async () => {
    signal.removeEventListener('abort', onAbort)
    await server.close()
  }
  const onAbort = () => void close()
  try {
    signal.throwIfAborted()
    await server.listen({ host, port })
  } catch (error) {
    await server.close()
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const reason = why === 'EADDRINUSE' ? 'the address is in use' : why
    throw new MillraceError('address_unusable', `Cannot serve HTTP on ${host}:${port}: ${reason}`, { cause: error })
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    [Symbol.asyncDispose]: close,
  }
}

function verdict(reasons: readonly string[]): { readonly status: number; readonly body: unknown } {
  return reasons.length === 0 ? { status: 200, body: { ok: true } } : { status: 503, body: { ok: false, reasons } }
}

/** Asks whether the process is ready; a question that fails or takes too long is a reason, too. */
async function inTime(ready: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const timeout = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(() => timeout.resolve(['the check did not end in time']), REQUEST_MS_MAX)
  try {
    return await Promise.race([ready(), timeout.promise])
  } catch (error) {
    return [error instanceof MillraceError ? error.message : 'the check failed']
  } finally {
    clearTimeout(timer)
  }
}
