// How many CPUs this process may really use. In a container the machine's core count says nothing: too many threads
// under a quota are throttled together and miss their beats.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'

interface CpuOptions {
  /** Root of the file system with /proc and /sys. */
  readonly root?: string
  /** CPUs that the scheduler may use. */
  readonly available?: number
}

/** Tells how many threads can run at full speed: the cgroup's quota, rounded down, or all CPUs; at least 1. */
export function cpuQuota({ root = '/', available = availableParallelism() }: CpuOptions = {}): number {
  const groups = read(join(root, 'proc/self/cgroup')) ?? ''
  const quotas = [...quotasV2(root, groups), ...quotasV1(root, groups)]
  return Math.max(1, Math.floor(Math.min(available, ...quotas)))
}

/** Reads `cpu.max` ("200000 100000" or "max 100000") of the process's group and of every group above it. */
function quotasV2(root: string, groups: string): readonly number[] {
  const path = /^0::(\/.*)$/m.exec(groups)?.[1]
  if (path === undefined) return []
  return ancestors(path).flatMap((group) => {
    const [quota, period] = (read(join(root, 'sys/fs/cgroup', group, 'cpu.max')) ?? '').trim().split(' ')
    return cpus(quota, period)
  })
}

/** Reads the quota in the `cpu` controller's own hierarchy; -1 stands for none. */
function quotasV1(root: string, groups: string): readonly number[] {
  const found = /^\d+:([^:]*,)?cpu(,[^:]*)?:(\/.*)$/m.exec(groups)
  const path = found?.[3]
  if (path === undefined) return []
  return ['cpu', 'cpu,cpuacct'].flatMap((controller) =>
    ancestors(path).flatMap((group) => {
      const folder = join(root, 'sys/fs/cgroup', controller, group)
      return cpus(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us')))
    }),
  )
}

/** A container sees its own group as "/" or under a path that does not exist inside: the groups above cover both. */
function ancestors(path: string): readonly string[] {
  const groups = [path]
  for (let at = path; at !== '/'; at = dirname(at)) groups.push(dirname(at))
  return groups
}

function cpus(quota: string | undefined, period: string | undefined): readonly number[] {
  const cpus = Number(quota) / Number(period)
  return Number.isFinite(cpus) && cpus > 0 ? [cpus] : []
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
