// Where exports go: a folder or a bucket. Whoever reads an export must find it whole, so in a folder a course appears by one
// rename, and in a bucket, which has none, its manifest comes last.
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StoreLocation } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { directoryError } from '../../runtime/object_store/directory_errors.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { openScratch } from '../../runtime/scratch.ts'
import type { Project } from '../project.ts'
import { MANIFEST_NAME, type Manifest, readManifest } from './manifest.ts'

export interface Destination extends AsyncDisposable {
  /** Folder to build in; renaming from there into the destination does not copy. */
  readonly scratch: string
  urlOf(folder: string): string
  /** Reads the manifest of a folder whose files are all there in their sizes; null when there is none such. */
  present(folder: string): Promise<Manifest | null>
  /** Puts a built folder into the place of what was there. A folder that holds something else is left alone: an error. */
  place(folder: string, built: { readonly path: string; readonly manifest: Manifest }): Promise<void>
}

interface Waiting {
  readonly signal: AbortSignal
}

/** Opens a destination; a bucket is reached as that of the results is, where these are in a bucket too. */
export async function openDestination(project: Project, to: string, { signal }: Waiting): Promise<Destination> {
  const { results, reducers } = project.config
  const settings = results.url.startsWith('s3://') && to.startsWith('s3://') ? results : {}
  const parsed = StoreLocation.safeParse({ ...settings, url: to })
  if (!parsed.success)
    throw new MillraceError(
      'usage_invalid',
      `Cannot export to "${to}": expected file:///path, a path, or s3://bucket/prefix`,
    )
  const stack = new AsyncDisposableStack()
  const base = process.cwd()
  const store = stack.use(await openObjectStore(parsed.data, { base, signal }))
  const root = to.startsWith('s3://') ? null : to.startsWith('file://') ? fileURLToPath(to) : resolve(base, to)
  const parent = root ?? (reducers.scratch === undefined ? tmpdir() : resolve(project.base, reducers.scratch))
  try {
    const scratch = stack.use(await openScratch(parent, 'export'))
    const place = root === null ? inBucket(store, { signal }) : inFolder(root, scratch.path)
    return {
      scratch: scratch.path,
      urlOf: (folder) => store.urlOf(folder),
      present: (folder) => presentIn(store, folder, { signal }),
      place,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw directoryError(error, `write to "${parent}"`, 'store_unreachable')
  }
}

const filesOf = (manifest: Manifest) => [...manifest.tables, ...manifest.codebook]

async function presentIn(store: ObjectStore, folder: string, waiting: Waiting): Promise<Manifest | null> {
  const manifest = await manifestIn(store, folder, waiting)
  if (manifest === null) return null
  const sizes = new Map<string, number>()
  for await (const { key, size } of store.list(`${folder}/`, waiting)) sizes.set(key, size)
  const is_whole = filesOf(manifest).every(({ file, bytes }) => sizes.get(`${folder}/${file}`) === bytes)
  return is_whole ? manifest : null
}

async function manifestIn(store: ObjectStore, folder: string, waiting: Waiting): Promise<Manifest | null> {
  try {
    const bytes = await store.read(`${folder}/${MANIFEST_NAME}`, waiting)
    return readManifest(Buffer.from(bytes).toString())
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object_missing') return null
    throw error
  }
}

function inFolder(root: string, scratch: string): Destination['place'] {
  return async (folder, { path }) => {
    const target = join(root, folder)
    const aside = join(scratch, `replaced-${basename(path)}`)
    try {
      const names = await readdir(target).catch(absent)
      if (names.length > 0 && !names.includes(MANIFEST_NAME))
        throw new MillraceError('usage_invalid', `Cannot export to "${target}": it holds something that is no export`)
      await mkdir(dirname(target), { recursive: true })
      await rename(target, aside).catch(absent)
      await rename(path, target)
      await rm(aside, { recursive: true, force: true })
    } catch (error) {
      throw directoryError(error, `write "${target}"`, 'store_unreachable')
    }
  }
}

/** What is not there holds nothing and need not be moved. */
function absent(error: unknown): readonly string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}

function inBucket(store: ObjectStore, waiting: Waiting): Destination['place'] {
  return async (folder, { path, manifest }) => {
    const old = await manifestIn(store, folder, waiting)
    const manifest_key = `${folder}/${MANIFEST_NAME}`
    // From here until the end nothing says that the folder is whole.
    await store.remove(manifest_key, waiting)
    const files = filesOf(manifest).map(({ file }) => file)
    for (const file of files)
      await store.putFile(`${folder}/${file}`, join(path, file), { create_only: false, ...waiting })
    for (const { file } of old === null ? [] : filesOf(old))
      if (!files.includes(file)) await store.remove(`${folder}/${file}`, waiting)
    await store.putFile(manifest_key, join(path, MANIFEST_NAME), { create_only: false, ...waiting })
  }
}
