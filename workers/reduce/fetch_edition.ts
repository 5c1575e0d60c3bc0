// A file of an edition is used only if it is what its head says. Whoever needs one asks here, so that nobody builds on a
// file that was cut or changed.
import { MillraceError } from '../../contracts/errors.ts'
import type { EditionFile } from '../../contracts/head.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { fileDigest } from './file_digest.ts'

/** Downloads a file of an edition; tells why it cannot be used, or null. */
export async function fetchEdition(
  store: ObjectStore,
  file: Pick<EditionFile, 'key' | 'sha256'>,
  path: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<'missing' | 'damaged' | null> {
  try {
    await store.getFile(file.key, path, { signal })
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object_missing') return 'missing'
    throw error
  }
  return (await fileDigest(path, { signal })).sha256 === file.sha256 ? null : 'damaged'
}
