// `millrace coordinator | worker | reducer`: one process each, for many machines. Each runs until it is told to stop:
// softly by the first signal, finishing what is in hand, at once by the second.
import { MillraceError } from '../contracts/errors.ts'
import { runCoordinator } from '../coordinator/coordinate.ts'
import type { LogLevel } from '../runtime/log_level.ts'
import { type Role, storeObserver } from '../runtime/metrics.ts'
import { createStop } from '../runtime/stop.ts'
import { runWorker } from '../workers/map/work.ts'
import { runReducer } from '../workers/reduce/reduce.ts'
import { EXIT_DONE } from './exit_codes.ts'
import { openProject, openSource } from './project.ts'
import { type OpenRole, openRole } from './role.ts'

export interface ProcessOptions {
  readonly config_path: string
  readonly log_level: LogLevel
  readonly http_port?: number
}

/** Starts the role of a name and runs it until it is told to stop. */
export async function startProcess(role: string, options: ProcessOptions): Promise<number> {
  switch (role) {
    case 'coordinator':
      return await runProcess(role, options, coordinatorBody)
    case 'worker':
      return await runProcess(role, options, workerBody)
    case 'reducer':
      return await runProcess(role, options, reducerBody)
    default:
      throw new Error(`No role is called ${role}`)
  }
}

async function runProcess<R extends Role>(
  role: R,
  options: ProcessOptions,
  body: (opened: OpenRole<R>) => Promise<void>,
): Promise<number> {
  const project = await openProject(options)
  const servers = project.config.queue.servers
  if (servers === undefined)
    throw new MillraceError(
      'config_invalid',
      `Cannot start a ${role}: the config names no queue.servers; only "millrace run" brings its own NATS`,
    )
  const stop = createStop()
  using _listening = stop.listen()
  await using opened = await openRole(role, { ...options, project, servers, stop })
  await body(opened)
  return EXIT_DONE
}

export async function coordinatorBody(role: OpenRole<'coordinator'>): Promise<void> {
  const observe = storeObserver(role.metrics)
  await using source = await openSource(role.project, { signal: role.stop.hard, observe })
  await using coordinator = await runCoordinator({ ...role, ...role.project, source })
  role.onReconnect(() => coordinator.sweepNow())
  await Promise.race([aborted(role.stop.soft), coordinator.ended])
}

export async function workerBody(role: OpenRole<'worker'>): Promise<void> {
  await runWorker({ ...role, ...role.project })
}

export async function reducerBody(role: OpenRole<'reducer'>): Promise<void> {
  await runReducer({ ...role, ...role.project })
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
}
