// How many worker threads a config means on this machine: `auto` is the CPU quota, which is what a container may use.
import type { Config } from '../config/schema.ts'
import { cpuQuota } from './cpu.ts'

export function workerThreads(config: Config): number {
  return config.workers.threads === 'auto' ? cpuQuota() : config.workers.threads
}
