// A nats-server of our own, as a child on loopback: what `millrace run` uses when the config names no servers, and what
// the tests use, so that the queue on a laptop is the same as on a cluster.
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { MillraceError } from '../../contracts/errors.ts'

/** Debian installs the server where only root's PATH looks. */
const FOLDERS_BESIDE_PATH = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']
const STOP_MS_MAX = 10_000
const READY_MS_MAX = 30_000
const READY_POLL_MS = 20
const LOG_BYTES_MAX = 10_000_000
const STORE_BYTES_MAX = 4_000_000_000

/**
 * States: running -> ended, by `stop()`, `kill()`, disposal, the end of this process, or its own fault. To go on after
 * that, start another one on the same port and folder.
 */
export interface NatsServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a server whose store, configuration and log lie in `store_dir`; port 0 takes a free one. */
export async function startNatsServer(options: {
  readonly store_dir: string
  readonly port?: number
  readonly signal: AbortSignal
}): Promise<NatsServer> {
  options.signal.throwIfAborted()
  const folder = resolve(options.store_dir)
  const program = find('nats-server')
  if (program === null)
    throw new MillraceError(
      'setup_missing',
      'Cannot start nats-server: it is not installed; install it with "apt-get install nats-server", or name your servers with `queue.servers`',
    )
  const conf = await writeConf(folder, options.port ?? 0)
  const child = startChild(program, conf)
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  try {
    return serverOf(child, ended, await whenReady(child, folder, options.signal))
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** The server writes `PROGRAM_PID.ports` as soon as it listens. */
const PORTS = '.ports'
const Ports = z.object({ nats: z.array(z.url()).min(1) })

/** Finds a program on PATH or where servers are installed; null when there is none. */
function find(program: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...FOLDERS_BESIDE_PATH]
  for (const folder of folders.filter((each) => each !== '')) {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return join(folder, program)
    } catch {
      // Not here.
    }
  }
  return null
}

async function writeConf(folder: string, port: number): Promise<string> {
  await mkdir(folder, { recursive: true })
  // A server that was killed leaves its file behind.
  for (const name of await readdir(folder)) if (name.endsWith(PORTS)) await rm(join(folder, name), { force: true })
  const conf = join(folder, 'nats-server.conf')
  const text = [
    `listen: "127.0.0.1:${port === 0 ? -1 : port}"`,
    `ports_file_dir: ${JSON.stringify(folder)}`,
    `log_file: ${JSON.stringify(join(folder, 'nats-server.log'))}`,
    `logfile_size_limit: ${LOG_BYTES_MAX}`,
    `jetstream { store_dir: ${JSON.stringify(folder)}, max_memory_store: 64MB, max_file_store: ${STORE_BYTES_MAX} }`,
  ]
  await writeFile(conf, `${text.join('\n')}\n`)
  return conf
}

/** On Linux the kernel ends the child with us, however we end; elsewhere it ends when we exit in order. */
function startChild(program: string, conf: string): ChildProcess {
  const command = [program, '--config', conf]
  const setpriv = process.platform === 'linux' ? find('setpriv') : null
  const [first = program, ...rest] = setpriv === null ? command : [setpriv, '--pdeathsig', 'TERM', '--', ...command]
  // Its own group: a Ctrl-C in the terminal is for us, and we stop the server last.
  const child = spawn(first, rest, { stdio: 'ignore', detached: true })
  const killWithUs = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', killWithUs)
  child.once('exit', () => process.removeListener('exit', killWithUs))
  return child
}

/** Waits until the server listens; gives its URL. JetStream is up by then. */
async function whenReady(child: ChildProcess, folder: string, signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + READY_MS_MAX
  while (performance.now() < deadline) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) break
    const url = await readPorts(join(folder, `nats-server_${child.pid}${PORTS}`))
    if (url !== null) return url
    await sleep(READY_POLL_MS, undefined, { signal })
  }
  throw new MillraceError('queue_unreachable', `Cannot start nats-server in "${folder}": ${await lastWords(folder)}`)
}

/** The URL, or null while the file is absent or half written. */
async function readPorts(path: string): Promise<string | null> {
  try {
    return Ports.parse(JSON.parse(await readFile(path, 'utf8'))).nats[0] ?? null
  } catch {
    return null
  }
}

async function lastWords(folder: string): Promise<string> {
  const log = await readFile(join(folder, 'nats-server.log'), 'utf8').catch(() => '')
  const fatal = log
    .trimEnd()
    .split('\n')
    .findLast((line) => line.includes('[FTL]'))
  return fatal?.replace(/^.*\[FTL\] /, '') ?? 'it ended, or did not listen in time'
}

function serverOf(child: ChildProcess, ended: Promise<void>, url: string): NatsServer {
  const { pid } = child
  if (pid === undefined) throw new MillraceError('queue_unreachable', 'Cannot start nats-server: it has no process')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await ended
    clearTimeout(limit)
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return { url, port: Number(new URL(url).port), pid, ended, stop, kill, [Symbol.asyncDispose]: stop }
}
