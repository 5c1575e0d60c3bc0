// The one shape of storage that the rest of Millrace sees: a directory on a laptop and an S3 bucket on a cluster must be
// interchangeable, or the laptop would run other code than the cluster.

export interface ObjectInfo {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Changes whenever the content does; without quotes. */
  readonly etag: string
  readonly last_modified: Date
}

export interface OpenObject {
  readonly info: ObjectInfo
  /**
   * The object's bytes, to be read once and to the end or left by `return()`; throws unless all of them came. A piece is
   * valid until the next is asked for.
   */
  readonly body: AsyncIterable<Uint8Array>
}

export interface Waiting {
  /** Ends the wait with a MillraceError `aborted`. */
  readonly signal: AbortSignal
}

export interface ListOptions extends Waiting {
  /** Begin behind this key, which need not exist. */
  readonly start_after?: string
}

export interface OpenOptions extends Waiting {
  /** Insist on the version with this ETag. */
  readonly if_match?: string
}

export interface PutOptions extends Waiting {
  /** Store only if nothing has this key; atomic, whoever else tries at the same time. */
  readonly create_only: boolean
}

/** 'exists' is the answer to `create_only` alone: somebody else's object has the key and stays as it is. */
export type PutResult = 'stored' | 'exists'

/**
 * An object becomes visible whole or not at all. Every failure is a MillraceError: `object_missing`, `object_changed`,
 * `store_refused`, `aborted`, or `store_unreachable` (`source_unreachable` for a source) after this store's own retries.
 */
export interface ObjectStore extends AsyncDisposable {
  readonly url: string
  /** Lists in the order of the keys' UTF-8 bytes; a prefix is any beginning of a key and may match nothing. */
  list(prefix: string, options: ListOptions): AsyncIterable<ObjectInfo>
  /** Lists the keys alone, in the same order: a folder tells them without being asked for every file. */
  keys(prefix: string, options: ListOptions): AsyncIterable<string>
  /** Opens for reading; with `if_match`, another ETag is `object_changed`. */
  open(key: string, options: OpenOptions): Promise<OpenObject>
  /** Reads a small object whole. */
  read(key: string, options: OpenOptions): Promise<Uint8Array>
  put(key: string, body: Uint8Array, options: PutOptions): Promise<PutResult>
  putFile(key: string, path: string, options: PutOptions): Promise<PutResult>
  /** Downloads into a file, which is replaced; after a failure there is none. */
  getFile(key: string, path: string, options: OpenOptions): Promise<ObjectInfo>
  /** Copies inside the store and overwrites `to` atomically. */
  copy(from: string, to: string, options: Waiting): Promise<void>
  /** Removes; what is absent already is removed. */
  remove(key: string, options: Waiting): Promise<void>
  /** Tells people where an object is: a path, or s3://bucket/key. */
  urlOf(key: string): string
}

/** Names of the requests that an observer hears of. */
export const STORE_OPS = ['list', 'open', 'put', 'copy', 'remove'] as const
export type StoreOp = (typeof STORE_OPS)[number]

/** Reasons for which a request is made again. */
export const RETRY_REASONS = ['network', 'server', 'busy', 'conflict', 'body'] as const
export type RetryReason = (typeof RETRY_REASONS)[number]

export interface StoreObserver {
  /** One request ended, after its retries; `conflict` is a create-only put that found its key taken. */
  request(op: StoreOp, seconds: number, result: 'ok' | 'error' | 'conflict'): void
  bytes(direction: 'in' | 'out', n: number): void
  retry(op: StoreOp, reason: RetryReason): void
}
