// Makes a file visible whole or not at all: written beside, forced to disk, then linked (create-only) or renamed
// (overwrite) to its name. Without it a crash could leave half a receipt, which would count as "done".
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCode } from './directory_errors.ts'
import { HIDDEN_FOLDER } from './object_key.ts'
import type { PutResult } from './object_store.ts'

/** Age at which a file under construction counts as left behind by a killed process. */
const ABANDONED_AGE_MS = 86_400_000

/**
 * What the new file will hold: bytes, or a copy of a file (which shares its blocks where the file system can). `verify`
 * may still refuse the copy before it becomes visible.
 */
export type Content = { readonly bytes: Uint8Array } | { readonly path: string; readonly verify?: () => Promise<void> }

/** Writes `content` under `root` so that `path` shows it completely; 'exists' only with `create_only`. */
export async function writeVisible(
  root: string,
  path: string,
  content: Content,
  options: { readonly create_only: boolean; readonly signal: AbortSignal },
): Promise<PutResult> {
  const hidden = join(root, HIDDEN_FOLDER)
  await mkdir(hidden, { recursive: true })
  const draft = join(hidden, randomUUID())
  try {
    await writeDraft(draft, content)
    options.signal.throwIfAborted()
    await makeFolder(dirname(path))
    if (!options.create_only) await rename(draft, path)
    else if (!(await linked(draft, path))) return 'exists'
    await forceFolder(dirname(path))
    return 'stored'
  } finally {
    await unlink(draft).catch(() => undefined)
  }
}

/** Removes what killed processes left under construction. */
export async function removeAbandoned(root: string): Promise<void> {
  const hidden = join(root, HIDDEN_FOLDER)
  for (const name of await readdir(hidden).catch(() => [])) {
    const facts = await stat(join(hidden, name)).catch(() => null)
    if (facts !== null && Date.now() - facts.mtimeMs > ABANDONED_AGE_MS)
      await unlink(join(hidden, name)).catch(() => undefined)
  }
}

async function writeDraft(draft: string, content: Content): Promise<void> {
  if ('bytes' in content) await writeFile(draft, content.bytes, { flag: 'wx', flush: true })
  else {
    await copyFile(content.path, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    await content.verify?.()
    await using file = await open(draft, 'r+')
    await file.sync()
  }
}

/** Links atomically; false when the name is taken. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Makes a folder and those above it that are missing, each forced into the one above. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let at = folder; at !== dirname(first); at = dirname(at)) await forceFolder(dirname(at))
}

/** Forces the names in a folder to disk. */
async function forceFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}
