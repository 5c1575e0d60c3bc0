// The program of a map thread: opens its stores and tools once, then makes one partial per task. Every failure is an
// answer; a thread that throws or ends has met something that nobody foresaw.
import type { MessagePort } from 'node:worker_threads'
import { workerData } from 'piscina'
import { MillraceError } from '../../contracts/errors.ts'
import type { SessionKeyReply } from '../../contracts/key_exchange.ts'
import { DECLARED } from '../../contracts/registry.ts'
import { tableSet } from '../../contracts/table_set.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { type CountryOf, NO_COUNTRIES, openCountries } from './countries.ts'
import { LoadedThreads } from './loaded_threads.ts'
import { makePartial } from './make_partial.ts'
import { type MapTools, openMapTools } from './map_tools.ts'
import { SharedProgress } from './shared_progress.ts'
import { TrafficNotes } from './store_traffic.ts'
import { failureOf } from './thread_failure.ts'
import { ThreadSettings, ThreadTask, ToThread } from './thread_input.ts'
import type { FromThread, ThreadResult } from './thread_output.ts'

interface Opened {
  readonly source: ObjectStore
  readonly results: ObjectStore
  readonly countryOf: CountryOf
}

const settings = ThreadSettings.parse(workerData)
const tables = tableSet(DECLARED, { own: settings.own_tables })
const traffic = new TrafficNotes()
const tools: MapTools = openMapTools({ memory_mb: settings.memory_mb, tables, scratch: settings.scratch })
let opened: Opened | null = null

/** Does one task; piscina calls it. */
export default async function run(input: unknown): Promise<ThreadResult> {
  const task = ThreadTask.parse(input)
  const { job, attempt, worker, port } = task
  const { site, date } = job.log_file.day
  const line = new MainLine(port)
  try {
    opened ??= await openAll()
    const { receipt, first } = await makePartial(job, {
      ...opened,
      sessionKey: (packets) => line.askSessionKey(packets),
      tools,
      tables,
      scratch: settings.scratch,
      worker,
      attempt,
      allow_unauthenticated: settings.allow_unauthenticated,
      progress: new SharedProgress(task.progress),
      now: systemClock,
      signal: line.signal,
    })
    return { kind: 'made', receipt, first, traffic: traffic.take() }
  } catch (error) {
    return { kind: 'failed', ...failureOf(error, `the day ${site} ${date}`), traffic: traffic.take() }
  } finally {
    port.close()
  }
}

async function openAll(): Promise<Opened> {
  // Stores live as long as the thread; nothing ends their opening but its own limits.
  const { signal } = new AbortController()
  const { base } = settings
  const source = await openObjectStore(settings.source, { base, use: 'source', observe: traffic, signal })
  const results = await openObjectStore(settings.results, { base, use: 'results', observe: traffic, signal })
  const countryOf = settings.geoip_path === null ? NO_COUNTRIES : await openCountries(settings.geoip_path)
  return { source, results, countryOf }
}

/** The line to the main thread, for one task. */
class MainLine {
  readonly #port: MessagePort
  readonly #stop = new AbortController()
  #waiting: PromiseWithResolvers<SessionKeyReply> | null = null

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: unknown) => this.#hear(ToThread.parse(message)))
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  async askSessionKey(packets: Uint8Array): Promise<SessionKeyReply> {
    this.#stop.signal.throwIfAborted()
    this.#waiting = Promise.withResolvers<SessionKeyReply>()
    // Copied, so that the message does not bring the whole block of the file that the packets stand in.
    const question: FromThread = { kind: 'session_key_wanted', packets: new Uint8Array(packets) }
    this.#port.postMessage(question)
    return await this.#waiting.promise
  }

  #hear(message: ToThread): void {
    switch (message.kind) {
      case 'session_key':
        this.#waiting?.resolve(message.reply)
        return
      case 'unanswered':
        this.#waiting?.reject(new MillraceError('key_service_silent', message.reason))
        return
      case 'abort': {
        const stopped = new MillraceError('aborted', 'Cannot go on: told to stop')
        this.#stop.abort(stopped)
        this.#waiting?.reject(stopped)
      }
    }
  }
}

new LoadedThreads(settings.loaded).add()
