// Runs the benchmark small: its figures mean nothing then, but a benchmark that no longer starts is noticed here and not on
// the day when somebody wants to know.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { SECTIONS } from './sections.ts'

const Spread = z.strictObject({ min: z.number(), median: z.number(), max: z.number() })
const Report = z.object({
  quick: z.literal(true),
  runs: z.literal(1),
  machine: z.object({ cores: z.number().positive() }),
  days: z.array(z.object({ events: z.number().positive(), raw_bytes: z.number().positive() })),
  prediction: z.object({
    rates: z.object({
      coordinator_cpu_seconds_per_job: z.number().positive(),
      map_cpu_seconds_per_byte: z.number().positive(),
    }),
    of_log: z.object({ days: z.number().positive(), seconds: z.number().positive() }),
  }),
  sections: z.array(
    z.strictObject({
      key: z.string(),
      name: z.string(),
      target: z.string(),
      met: z.boolean(),
      seconds: z.number(),
      load_after: z.number(),
      figures: z.array(z.strictObject({ name: z.string(), unit: z.string(), spread: Spread })).nonempty(),
      remarks: z.array(z.string()),
    }),
  ),
})

const program = fileURLToPath(new URL('./bench.ts', import.meta.url))
const run = (...args: readonly string[]) => promisify(execFile)(process.execPath, [program, ...args])

test('the benchmark measures every section and tells all as one JSON document', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
  try {
    const { stdout } = await run('--quick', '--json', '--folder', folder)
    const { sections } = Report.parse(JSON.parse(stdout))
    assert.deepEqual(
      sections.map(({ key }) => key),
      SECTIONS.map(({ key }) => key),
    )
    for (const { key, figures } of sections)
      for (const { name, spread } of figures)
        assert.ok(Number.isFinite(spread.median), `${key}: "${name}" has no figure`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the benchmark refuses a section that it does not know', async () => {
  await assert.rejects(run('--quick', '--only', 'a,nothing'), /Cannot measure "nothing": known are day, a/)
})
