// What a killed process left behind must go, and what a living one uses must stay.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { openScratch } from '../../runtime/scratch.ts'

async function aParent(): Promise<AsyncDisposable & { readonly path: string; names(): Promise<readonly string[]> }> {
  const path = await mkdtemp(join(tmpdir(), 'millrace-test-scratch-'))
  return {
    path,
    names: async () => (await readdir(path)).sort(),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  }
}

const host = hostname().replace(/[^A-Za-z0-9.]/g, '_')

/** Starts a process that opens a scratch folder of a role, tells its name and lives until it is killed. */
async function holder(parent: string, role: string): Promise<{ readonly name: string; kill(): Promise<void> }> {
  const module = new URL('../../runtime/scratch.ts', import.meta.url).href
  const program = `
    import { openScratch } from ${JSON.stringify(module)}
    const { path } = await openScratch(${JSON.stringify(parent)}, ${JSON.stringify(role)})
    process.stdout.write(path)
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [path] = await once(child.stdout, 'data')
  return {
    name: basename(String(path)),
    kill: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('openScratch() removes the folder of a process that was killed, and none of a living one', async () => {
  await using parent = await aParent()
  const [dead, living] = [await holder(parent.path, 'reducer'), await holder(parent.path, 'reducer')]
  await dead.kill()
  try {
    await using own = await openScratch(parent.path, 'reducer')
    await using second = await openScratch(parent.path, 'reducer')
    const expected = [living.name, basename(own.path), basename(second.path)].sort()
    assert.deepEqual(await parent.names(), expected)
  } finally {
    await living.kill()
  }
  assert.deepEqual(await parent.names(), [living.name])
})

test('openScratch() removes what an earlier process of the same pid left, as in a container', async () => {
  await using parent = await aParent()
  const left = join(parent.path, `millrace-map-${host}-${process.pid}-Ab3dE6`)
  await mkdir(left)
  await writeFile(join(left, 'piece.parquet'), 'x')
  await using own = await openScratch(parent.path, 'map')
  assert.deepEqual(await parent.names(), [basename(own.path)])
})

test('openScratch() leaves folders of other roles, of other hosts and of anybody else alone', async () => {
  await using parent = await aParent()
  const others = [
    `millrace-map-${host}-999999999-Ab3dE6`,
    'millrace-reducer-elsewhere-999999999-Ab3dE6',
    `millrace-reducer-${host}-999999999`,
    'notes',
  ]
  for (const name of others) await mkdir(join(parent.path, name))
  {
    await using _own = await openScratch(parent.path, 'reducer')
  }
  assert.deepEqual(await parent.names(), [...others].sort())
})

test('openScratch() makes its parent and removes its folder when it is disposed of', async () => {
  await using parent = await aParent()
  const inner = join(parent.path, 'not', 'there')
  {
    await using own = await openScratch(inner, 'reducer')
    await writeFile(join(own.path, 'file'), 'x')
    assert.deepEqual(await readdir(inner), [basename(own.path)])
  }
  assert.deepEqual(await readdir(inner), [])
})
