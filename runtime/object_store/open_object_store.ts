// The one way from a location in the config to a store: whether it is a directory or a bucket is decided here and
// nowhere else.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StoreLocation } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { openDirectoryStore } from './directory_store.ts'
import type { ObjectStore, StoreObserver, Waiting } from './object_store.ts'

export type { StoreObserver } from './object_store.ts'

/** How a store says that it does not answer. */
export type Unreachable = 'source_unreachable' | 'store_unreachable'

export interface OpenStoreOptions extends Waiting {
  /** Folder that relative paths start from: the config file's. */
  readonly base: string
  /** A source must exist already and speaks of itself as `source_unreachable`; results are made on the first put. */
  readonly use?: 'source' | 'results'
  readonly observe?: StoreObserver
}

/** Opens the store at a location; the S3 client is only loaded when it is needed. */
export async function openObjectStore(location: StoreLocation, options: OpenStoreOptions): Promise<ObjectStore> {
  if (options.signal.aborted) throw new MillraceError('aborted', `Cannot open "${location.url}": told to stop`)
  const unreachable = options.use === 'source' ? 'source_unreachable' : 'store_unreachable'
  if (location.url.startsWith('s3://')) {
    const { openS3Store } = await import('./s3_store.ts')
    return await openS3Store(location, { ...options, unreachable })
  }
  const root = location.url.startsWith('file://') ? fileURLToPath(location.url) : resolve(options.base, location.url)
  return await openDirectoryStore(root, { ...options, unreachable, must_exist: options.use === 'source' })
}
