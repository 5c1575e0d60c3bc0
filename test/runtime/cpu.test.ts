// The CPUs of a container: read from the control groups as Linux lays them out.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { cpuQuota } from '../../runtime/cpu.ts'

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['all CPUs without control groups', {}, 8],
  ['all CPUs without a quota', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
  ['a quota of version 2', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '300000 100000\n' }, 3],
  ['a broken quota rounded down', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2],
  ['at least one', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '50000 100000\n' }, 1],
  ['no more than there are', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '9900000 100000\n' }, 8],
  [
    'the tightest quota of the group and those above it',
    {
      'proc/self/cgroup': '0::/pods/one\n',
      'sys/fs/cgroup/pods/cpu.max': '200000 100000\n',
      'sys/fs/cgroup/pods/one/cpu.max': '600000 100000\n',
    },
    2,
  ],
  [
    'a quota of version 1 seen from inside a container',
    {
      'proc/self/cgroup': '5:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '400000\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    },
    4,
  ],
  [
    'no quota of version 1',
    {
      'proc/self/cgroup': '4:cpuacct,cpu:/\n0::/\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    8,
  ],
]

for (const [name, files, expected] of CASES)
  test(`cpuQuota() finds ${name}`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'millrace-cpu-'))
    try {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true })
        await writeFile(join(root, path), text)
      }
      assert.equal(cpuQuota({ root, available: 8 }), expected)
    } finally {
      await rm(root, { recursive: true })
    }
  })

test('cpuQuota() of this machine is a whole number of CPUs', () => {
  const cpus = cpuQuota()
  assert(Number.isInteger(cpus) && cpus >= 1)
})
