// The sections in the order in which they are measured and shown. A new one is one new file and one line here.
import { againstDuckdb } from './against_duckdb.ts'
import { againstPython } from './against_python.ts'
import { emptyJobs } from './empty_jobs.ts'
import { mergeCosts } from './merge_costs.ts'
import { oneThread } from './one_thread.ts'
import { perCore } from './per_core.ts'
import { planning } from './planning.ts'
import type { Section } from './section.ts'
import { threadMemory } from './thread_memory.ts'
import { twoThreads } from './two_threads.ts'

export const SECTIONS: readonly Section[] = [
  oneThread,
  againstDuckdb,
  againstPython,
  perCore,
  twoThreads,
  threadMemory,
  emptyJobs,
  mergeCosts,

  planning,
]
