// The threads of a worker. Each has one job at a time; one that dies, runs out of memory or hangs costs its job an attempt
// and nobody else anything.
import { setFlagsFromString } from 'node:v8'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { MillraceError } from '../../contracts/errors.ts'
import type { MapJob } from '../../contracts/job.ts'
import type { SessionKeyReply } from '../../contracts/key_exchange.ts'
import { openScratch } from '../../runtime/scratch.ts'
import { LoadedThreads } from './loaded_threads.ts'
import type { SharedProgress } from './shared_progress.ts'
import type { ThreadSettings, ThreadTask, ToThread } from './thread_input.ts'
import { FromThread, ThreadResult } from './thread_output.ts'

/** JavaScript heap of a thread unless told otherwise. Columns, decompression and DuckDB live outside of it. */
const HEAP_MB = 768
/**
 * Where a thread's new objects live. Node takes 192 on a large machine. What is read of a line is dead after it, so a young
 * heap that stays in the cache is both the faster and the smaller one.
 */
const YOUNG_HEAP_MB = 6
/**
 * What lives long in a thread's heap is some 25 megabytes, and V8 would look through all of it whenever a slice brought ten
 * more: four times in a day of 255,000 events. It begins to when there is so much.
 */
const OLD_HEAP_MB_FIRST = 48
/** A thread that was told to let go has so long to close what it opened; then it is ended. */
const LET_GO_MS_MAX = 5_000
/** A thread that is not loaded by then never will be. */
const LOAD_MS_MAX = 10_000

/** Why a thread ended that should not have. */
export type ThreadExit = 'memory' | 'error' | 'abort'

export interface PoolOptions {
  readonly threads: number
  /** `scratch` is the folder below which the pool makes its own. */
  readonly settings: Omit<ThreadSettings, 'loaded'>
  readonly exited: (reason: ThreadExit, error: Error) => void
  /** The program of the threads, instead of thread.ts. */
  readonly program?: URL
  readonly heap_mb?: number
}

export interface RunOptions {
  /** Asks the key service on behalf of the thread. */
  readonly sessionKey: (packets: Uint8Array) => Promise<SessionKeyReply>
  readonly signal: AbortSignal
}

export type PoolTask = Pick<ThreadTask, 'job' | 'attempt' | 'worker'> & { readonly progress: SharedProgress }

export interface MapPool extends AsyncDisposable {
  /** Makes one partial; rejects with thread_lost when the thread ended, and with aborted when the signal did it. */
  run(task: PoolTask, options: RunOptions): Promise<ThreadResult>
}

/** Starts the threads. */
export async function createPool(options: PoolOptions): Promise<MapPool> {
  const scratch = await openScratch(options.settings.scratch, 'map')
  const loaded = new LoadedThreads()
  // Read by V8 whenever it makes a heap; the limits of a thread have no place for it.
  setFlagsFromString(`--initial-old-space-size=${OLD_HEAP_MB_FIRST}`)
  const piscina = new Piscina({
    filename: (options.program ?? new URL('./thread.ts', import.meta.url)).href,
    minThreads: options.threads,
    maxThreads: options.threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    // A thread that waits in Atomics.wait could not keep the connections of its stores alive.
    atomics: 'disabled',
    resourceLimits: {
      maxOldGenerationSizeMb: options.heap_mb ?? HEAP_MB,
      maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
    },
    workerData: { ...options.settings, scratch: scratch.path, loaded: loaded.buffer } satisfies ThreadSettings,
  })
  // A thread that ends between jobs is replaced; without a listener it would end the process.
  piscina.on('error', (error: Error) => options.exited(exitOf(error), error))
  return {
    run: (task, run) => runTask(piscina, task, run, options.exited),
    [Symbol.asyncDispose]: async () => {
      await loaded.reach(options.threads, LOAD_MS_MAX)
      await piscina.destroy()
      await scratch[Symbol.asyncDispose]()
    },
  }
}

async function runTask(
  piscina: Piscina,
  task: PoolTask,
  { sessionKey, signal }: RunOptions,
  exited: PoolOptions['exited'],
): Promise<ThreadResult> {
  const stopped = (): MillraceError =>
    new MillraceError('aborted', `Cannot go on with ${nameOf(task.job)}: told to stop`)
  if (signal.aborted) throw stopped()
  const { port1: port, port2 } = new MessageChannel()
  const end = new AbortController()
  let patience: NodeJS.Timeout | undefined
  const letGo = (): void => {
    tell(port, { kind: 'abort' })
    patience = setTimeout(() => end.abort(), LET_GO_MS_MAX)
  }
  signal.addEventListener('abort', letGo, { once: true })
  port.on('message', (message: unknown) => {
    answer(port, message, sessionKey).catch((error: unknown) => exited('error', asError(error)))
  })
  try {
    const { job, attempt, worker } = task
    const input: ThreadTask = { job, attempt, worker, progress: task.progress.buffer, port: port2 }
    return ThreadResult.parse(await piscina.run(input, { transferList: [port2], signal: end.signal }))
  } catch (cause) {
    if (end.signal.aborted) exited('abort', asError(cause))
    if (signal.aborted) throw stopped()
    const error = asError(cause)
    exited(exitOf(error), error)
    throw new MillraceError('thread_lost', `Cannot finish ${nameOf(task.job)}: ${exitSentence(error)}`, { cause })
  } finally {
    clearTimeout(patience)
    signal.removeEventListener('abort', letGo)
    port.close()
  }
}

async function answer(port: MessagePort, message: unknown, sessionKey: RunOptions['sessionKey']): Promise<void> {
  const { packets } = FromThread.parse(message)
  try {
    tell(port, { kind: 'session_key', reply: await sessionKey(packets) })
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    tell(port, { kind: 'unanswered', reason: error.message })
  }
}

const tell = (port: MessagePort, message: ToThread): void => port.postMessage(message)

const nameOf = (job: MapJob): string => `the day ${job.log_file.day.site} ${job.log_file.day.date}`

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

const isOutOfMemory = (error: Error): boolean => 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
const exitOf = (error: Error): ThreadExit => (isOutOfMemory(error) ? 'memory' : 'error')

/** The messages of unexpected errors may quote data; only their kind is told. */
function exitSentence(error: Error): string {
  if (isOutOfMemory(error)) return 'its thread ran out of heap'
  return /^worker exited with code/.test(error.message) ? 'its thread ended' : `its thread failed with ${error.name}`
}
