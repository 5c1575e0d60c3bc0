// What a person without Millrace would type to count events: the measure that everybody can repeat and understand. It
// counts one thing, where a worker thread computes all tables.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CZAR } from '../../cli/sample/sample_keys.ts'
import type { BenchDay } from './bench_day.ts'

export interface PipelineRun {
  readonly seconds: number
  readonly cpu_seconds: number
  /** Lines that it could read. */
  readonly events: number
}

const COUNT = `
import collections, json, sys
counts = collections.Counter()
for line in sys.stdin.buffer:
    try:
        event = json.loads(line)
        context = event['context']
        counts[context.get('course_id'), context.get('user_id'), event['event_type']] += 1
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
print(sum(counts.values()))
`

const GPG = 'gpg --no-options --batch --quiet --pinentry-mode loopback'

/** Runs `gpg -d | zcat | python3` on the day's file, in a key ring of its own. */
export async function runPipeline(day: BenchDay): Promise<PipelineRun> {
  const home = await mkdtemp(join(tmpdir(), 'gnupg-'))
  await chmod(home, 0o700)
  const key = join(day.keys_directory, CZAR)
  const shell = (command: string) =>
    bash(command, {
      GNUPGHOME: home,
      LC_ALL: 'C',
      KEY: `${key}.asc`,
      PASSPHRASE: `${key}.passphrase`,
      FILE: day.path,
      COUNT,
    })
  try {
    await shell(`${GPG} --import "$KEY"`)
    const said = await shell(
      `TIMEFORMAT='%R %U %S'; time ${GPG} --passphrase-file "$PASSPHRASE" -d "$FILE" | zcat | python3 -c "$COUNT"`,
    )
    const [seconds = 0, user = 0, system = 0] = said.stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
    return { seconds, cpu_seconds: user + system, events: Number(said.stdout) }
  } finally {
    await bash('gpgconf --kill all', { GNUPGHOME: home })
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function bash(
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await closed
  if (child.exitCode !== 0) throw new Error(`Cannot run the pipeline: ${stderr.trim()}`)
  return { stdout, stderr }
}
