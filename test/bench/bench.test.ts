// Runs the benchmark on a tiny day: its figures mean nothing then, but a benchmark that no longer starts is noticed here
// and not on the day when somebody wants to know.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

const Spread = z.object({ min: z.number().positive(), median: z.number().positive(), max: z.number().positive() })
const Report = z.object({
  runs: z.literal(1),
  day: z.object({ events: z.literal(300) }),
  larger_day: z.object({ events: z.literal(1200) }),
  worker: z.object({ seconds: Spread, cpu_seconds: Spread, mb_per_second: Spread, peak_memory_bytes: Spread }),
  pipeline: z.object({ events: z.number().min(250).max(330) }),
  pipeline_ratio: z.object({ seconds: Spread, cpu_seconds: Spread }),
  memory_ratio: Spread,
})

test('the benchmark measures a day, a larger one and the shell pipeline, and tells all as JSON', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
  try {
    const program = fileURLToPath(new URL('./bench.ts', import.meta.url))
    const args = [program, '--events', '300', '--runs', '1', '--json', '--folder', folder]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const report = Report.parse(JSON.parse(stdout))
    assert.ok(report.worker.peak_memory_bytes.median > 50_000_000)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
