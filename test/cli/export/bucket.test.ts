// The same export in a bucket: the same files, the manifest last, and nothing left of the one before.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDestination } from '../../../cli/export/destination.ts'
import type { Format } from '../../../cli/export/file_name.ts'
import { type Manifest, manifestText } from '../../../cli/export/manifest.ts'
import { loadConfig } from '../../../config/load.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import { type S3Server, s3Absence, startS3Server } from '../../fixtures/s3_server.ts'

const skip = s3Absence() ?? false
const { signal } = new AbortController()
const FOLDER = 'edx/acme%2FA%2F2020'
let server: S3Server
let folder = ''

before(async () => {
  if (skip !== false) return
  server = await startS3Server()
  process.env.AWS_ACCESS_KEY_ID = server.access_key
  process.env.AWS_SECRET_ACCESS_KEY = server.secret_key
  await server.createBucket('exports')
  folder = await mkdtemp(join(tmpdir(), 'millrace-bucket-'))
})
after(async () => {
  await server?.stop()
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

/** A built export of one table whose file says its format. */
async function built(name: string, format: Format): Promise<{ readonly path: string; readonly manifest: Manifest }> {
  const path = join(folder, name)
  await mkdir(path)
  const sum = { bytes: format.length, sha256: '0'.repeat(64) }
  const file = `learner.${format}`
  const manifest: Manifest = {
    export_version: 1,
    made_from: {
      organisation: 'acme',
      site: 'edx',
      course_id: 'acme/A/2020',
      edition: 'e1',
      head: 1,
      database: { key: 'k', bytes: 1, sha256: '0'.repeat(64) },
      days: {},
      format,
      tables_asked: null,
    },
    tables_absent: [],
    tables: [{ table: 'learner', kind: 'table', file, rows: 1, ...sum, columns: [] }],
    codebook: [],
  }
  await writeFile(join(path, file), format)
  await writeFile(join(path, 'manifest.json'), manifestText(manifest))
  return { path, manifest }
}

test('an export in a bucket is the files of its manifest, and takes the place of the one before', {
  skip,
}, async () => {
  const location = { endpoint: server.endpoint, path_style: true }
  const config_path = join(folder, 'millrace.yaml')
  const results = { url: 's3://exports/results', ...location }
  await writeFile(config_path, JSON.stringify({ organisation: 'acme', source: './logs', results }))
  const project = await loadConfig(config_path)
  await using destination = await openDestination(project, 's3://exports/out', { signal })
  await using store = await openObjectStore({ url: 's3://exports/out', ...location }, { base: '/', signal })
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const key of store.keys('', { signal })) found.push(key)
    return found
  }

  assert.equal(await destination.present(FOLDER), null)
  const csv = await built('csv', 'csv')
  await destination.place(FOLDER, csv)
  assert.deepEqual(await keys(), [`${FOLDER}/learner.csv`, `${FOLDER}/manifest.json`])
  assert.deepEqual(await destination.present(FOLDER), csv.manifest)

  const parquet = await built('parquet', 'parquet')
  await destination.place(FOLDER, parquet)
  assert.deepEqual(await keys(), [`${FOLDER}/learner.parquet`, `${FOLDER}/manifest.json`])
  assert.deepEqual(await destination.present(FOLDER), parquet.manifest)

  await store.remove(`${FOLDER}/learner.parquet`, { signal })
  assert.equal(await destination.present(FOLDER), null, 'an export that lost a file is none')
  assert.equal(destination.urlOf(FOLDER), `s3://exports/out/${FOLDER}`)
})
