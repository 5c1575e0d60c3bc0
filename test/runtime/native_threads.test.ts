// The size of libuv's pool is read once, by native code, when something first needs it: only a process of its own can tell.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { cpuQuota } from '../../runtime/cpu.ts'

const PROGRAM = `
  import { readdirSync, readFileSync } from 'node:fs'
  import { readFile } from 'node:fs/promises'
  const { sizeNativeThreads } = await import(${JSON.stringify(new URL('../../runtime/native_threads.ts', import.meta.url).href)})
  sizeNativeThreads()
  await readFile('/dev/null')
  const names = readdirSync('/proc/self/task').map((id) => readFileSync('/proc/self/task/' + id + '/comm', 'utf8'))
  console.log(names.filter((name) => name.startsWith('libuv-worker')).length)
`

function threadsWith(environment: NodeJS.ProcessEnv): number {
  const { UV_THREADPOOL_SIZE: _, ...rest } = process.env
  const env = { ...rest, ...environment }
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM], { env, encoding: 'utf8' }))
}

const linux = { skip: process.platform === 'linux' ? false : 'only Linux tells the names of threads' }

test('sizeNativeThreads() gives every map thread two native ones', linux, () => {
  assert.equal(threadsWith({}), 2 * cpuQuota() + 2)
})

test('sizeNativeThreads() leaves what the environment says', linux, () => {
  assert.equal(threadsWith({ UV_THREADPOOL_SIZE: '3' }), 3)
})
