// The same processes with logs and results in buckets of a real S3 server: nothing but the addresses in the config differs.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { withCluster } from '../fixtures/a_cluster.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { contentsOf } from '../fixtures/contents.ts'
import { receiptsOf } from '../fixtures/invariants.ts'
import { type S3Server, s3Absence, startS3Server } from '../fixtures/s3_server.ts'

const skip = s3Absence() ?? false
let made: TestPackage
let server: S3Server

before(async () => {
  if (skip !== false) return
  const [new_package, new_server] = await Promise.all([aPackage({ days: 7 }), startS3Server()])
  made = new_package
  server = new_server
  // The default credential chain finds them here, as it does in the processes that inherit them.
  process.env.AWS_ACCESS_KEY_ID = server.access_key
  process.env.AWS_SECRET_ACCESS_KEY = server.secret_key
  for (const bucket of ['logs', 'results']) await server.createBucket(bucket)
})
after(async () => {
  await server?.stop()
  await made?.[Symbol.asyncDispose]()
})

const bucket = (url: string) => ({ url, endpoint: server.endpoint, path_style: true })

async function upload(): Promise<void> {
  const { signal } = new AbortController()
  await using source = await openObjectStore(bucket('s3://logs/edx-data'), { base: '/', signal })
  for (const { path } of made.files) {
    const key = path.slice(made.logs_directory.length + 1)
    await source.put(key, await readFile(path), { create_only: true, signal })
  }
}

test('a cluster on buckets comes to the content of a single run into a directory', { skip }, async () => {
  await upload()
  const settings = { source: bucket('s3://logs/edx-data'), results: bucket('s3://results/TinyX') }
  await withCluster({ ...made, settings }, async (cluster) => {
    const { project } = cluster
    const planned = await project.plan()
    await cluster.startAll('coordinator', 'worker', 'worker', 'reducer')
    await cluster.settled()
    await using results = await project.open('results')
    assert.equal((await receiptsOf(results)).length, planned.next.length)
    assert.deepEqual([...new Set((await cluster.executions()).values())], [1], 'I6')
    const contents = await contentsOf(results)
    await cluster.stopAll()
    assert.deepEqual(await readdir(join(project.folder, 'tmp')), [], 'no temporary file is left')

    await project.edit({ results: './alone', queue: {} })
    await project.run()
    await using alone = await project.open('results')
    assert.deepEqual(contents, await contentsOf(alone), 'I4')
  })
})
