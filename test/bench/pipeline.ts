// What people without Millrace would type, over the same file: the measures that everybody can repeat and understand. The
// first is the best that ready-made programs give for the same tables, the second what most people begin with.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { CZAR } from '../../cli/sample/sample_keys.ts'
import type { BenchDay } from './bench_day.ts'
import { bash, type Timed, timedCommand } from './timed_command.ts'

export interface PipelineRun {
  readonly seconds: number
  /** User and system time of all its processes. */
  readonly cpu_seconds: number
  /** Lines that it could read. */
  readonly events: number
}

export interface DuckdbRun extends PipelineRun {
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>
  readonly courses: number
  /** Events of which it found the course. */
  readonly events_of_courses: number
}

const GPG = 'gpg --no-options --batch --quiet --pinentry-mode loopback'
const DECRYPT = `${GPG} --passphrase-file "$PASSPHRASE" -d "$FILE"`

const Script = z.object({
  /** What Node and the library used before the first byte: a program of its own would not need it. */
  cpu_seconds_to_start: z.number(),
  rows: z.record(z.string(), z.number()),
  events: z.number(),
  courses: z.number(),
  events_of_courses: z.number(),
})

/** Runs `gpg -d | igzip -dc` into the DuckDB script, which computes the same tables and writes them as Parquet. */
export async function runDuckdbPipeline(day: BenchDay): Promise<DuckdbRun> {
  const script = fileURLToPath(new URL('./duckdb_script.ts', import.meta.url))
  return await withKeyRing(day, async (measure, folder) => {
    const out = join(folder, 'out')
    await mkdir(out)
    const variables = { NODE: process.execPath, SCRIPT: script, OUT: out }
    const ran = await measure(`${DECRYPT} | igzip -dc | "$NODE" "$SCRIPT" "$OUT"`, variables)
    const { cpu_seconds_to_start, ...said } = Script.parse(JSON.parse(ran.stdout))
    return { seconds: ran.seconds, cpu_seconds: ran.cpu_seconds - cpu_seconds_to_start, ...said }
  })
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

/** Runs `gpg -d | zcat | python3` with one counter, where a worker thread computes all tables. */
export async function runPythonPipeline(day: BenchDay): Promise<PipelineRun> {
  return await withKeyRing(day, async (measure) => {
    const { seconds, cpu_seconds, stdout } = await measure(`${DECRYPT} | zcat | python3 -c "$COUNT"`, { COUNT })
    return { seconds, cpu_seconds, events: Number(stdout) }
  })
}

type Measure = (pipeline: string, variables: Readonly<Record<string, string>>) => Promise<Timed>

/** Gives a way to measure with a key ring of its own, and a folder; both are gone afterwards. */
async function withKeyRing<T>(day: BenchDay, body: (measure: Measure, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gnupg-'))
  await chmod(folder, 0o700)
  const key = join(day.keys_directory, CZAR)
  const variables = {
    GNUPGHOME: folder,
    LC_ALL: 'C',
    KEY: `${key}.asc`,
    PASSPHRASE: `${key}.passphrase`,
    FILE: day.path,
  }
  try {
    await bash(`${GPG} --import "$KEY"`, variables)
    return await body((pipeline, more) => timedCommand(pipeline, { ...variables, ...more }), folder)
  } finally {
    await bash('gpgconf --kill all', { GNUPGHOME: folder })
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
