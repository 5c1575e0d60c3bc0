// A command of the shell with the time that it and all its children took, as bash counts it: user and system time, which a
// busy machine stretches far less than the clock.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface Said {
  readonly stdout: string
  readonly stderr: string
}

export interface Timed extends Said {
  readonly seconds: number
  /** User and system time of all its processes. */
  readonly cpu_seconds: number
}

type Variables = Readonly<Record<string, string>>

/** Runs a pipeline and measures it; fails when a part of it does, unless its exit code is one of `codes`. */
export async function timedCommand(
  pipeline: string,
  variables: Variables = {},
  codes: readonly number[] = [0],
): Promise<Timed> {
  const said = await bash(`TIMEFORMAT='%R %U %S'; time ${pipeline}`, variables, codes)
  const [seconds = 0, user = 0, system = 0] = said.stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  return { ...said, seconds, cpu_seconds: user + system }
}

/** Runs a command; fails when a part of it does, unless its exit code is one of `codes`. */
export async function bash(command: string, variables: Variables, codes: readonly number[] = [0]): Promise<Said> {
  const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await closed
  if (child.exitCode === null || !codes.includes(child.exitCode))
    throw new Error(`Cannot run what is measured: ${stderr.trim()}`)
  return { stdout, stderr }
}
