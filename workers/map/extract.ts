// The one way from a stored object to the text of its log: fetched, decrypted, inflated, hashed, block by block. Nothing
// touches a disk, and nothing may be believed before the text ended without an error.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { MillraceError } from '../../contracts/errors.ts'
import type { SessionKeyReply } from '../../contracts/key_exchange.ts'
import { EXPANSION_BYTES_MIN, EXPANSION_RATIO_MAX } from '../../contracts/limits.ts'
import type { LogFile } from '../../contracts/log_file.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { type Decrypted, decrypt } from './decrypt.ts'
import { type Fail, failureOf } from './extract_failure.ts'
import { inflate } from './inflate.ts'
import { readAhead } from './read_ahead.ts'

/** Encrypted bytes taken at a time: each costs a wait for disk or network, and expands to some 16 times as many. */
const BLOCK_BYTES = 1_048_576

/**
 * Text after which the rest of the thread gets a turn, to hear that it must stop. Decompression alone never waits, and a
 * mebibyte of input may be a gibibyte of text.
 */
const TURN_BYTES = 1_048_576

export interface ExtractOptions {
  /** Asks the key service with the file's session-key packets. */
  readonly sessionKey: (packets: Uint8Array) => Promise<SessionKeyReply>
  readonly allow_unauthenticated: boolean
  /** Hears how far it is, with every block. */
  readonly observe?: (progress: { readonly encrypted_bytes: number; readonly raw_bytes: number }) => void
  readonly signal: AbortSignal
}

export interface ExtractedFile {
  /**
   * The text of the log; throws at its end unless digest, gzip checksums and lengths were right. To be read once, and
   * each piece before the next is asked for: then it is gone.
   */
  readonly bytes: AsyncIterable<Uint8Array>
  /** What is known after the end of `bytes`. */
  facts(): ExtractFacts
}

export interface ExtractFacts {
  readonly encrypted_bytes: number
  /** Bytes of the gzip data inside the encryption. */
  readonly gzip_bytes: number
  readonly raw_bytes: number
  readonly sha256_raw: string
  /** 16 upper-case hexadecimal digits; null for a plain file. */
  readonly key_id: string | null
  /** ISO time of the OpenPGP literal packet; null for a plain file and for the rare shapes of encryption. */
  readonly encrypted_at: string | null
  readonly stages: Stages
}

/** Seconds. `download` is waiting, the others are computing. */
interface Stages {
  download: number
  decrypt: number
  inflate: number
  hash: number
}

/** Opens a log file in its store: reads its head, gets its session key, and leaves the rest to the reader of `bytes`. */
export async function openLogFile(
  store: Pick<ObjectStore, 'open'>,
  log_file: LogFile,
  options: ExtractOptions,
): Promise<ExtractedFile> {
  const { body } = await store.open(log_file.key, { if_match: log_file.etag, signal: options.signal })
  return extract(body, log_file, options)
}

/** Does the same to bytes that are at hand already. */
export async function extract(
  body: AsyncIterable<Uint8Array>,
  log_file: LogFile,
  options: ExtractOptions,
): Promise<ExtractedFile> {
  const fail = failureOf(log_file.key)
  const counts = { encrypted: 0, gzip: 0, raw: 0 }
  const stages: Stages = { download: 0, decrypt: 0, inflate: 0, hash: 0 }
  const bytes_max = Math.max(EXPANSION_BYTES_MIN, log_file.size * EXPANSION_RATIO_MAX)
  const expanded = (bytes: number): void => {
    if (bytes > bytes_max) throw fail('bomb', `its ${log_file.size} bytes expand to more than ${bytes_max} bytes`)
  }

  const mustGoOn = (): void => {
    if (options.signal.aborted)
      throw new MillraceError('aborted', `Cannot extract "${log_file.key}": the work was stopped`)
  }

  // A byte more than a small file has, so that one block is all of it.
  const block_bytes = Math.min(BLOCK_BYTES, log_file.size + 1)
  async function* downloaded(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of timed(readAhead(body, block_bytes), (seconds) => (stages.download += seconds))) {
      mustGoOn()
      counts.encrypted += piece.length
      yield piece
    }
  }
  const opened = await unwrap(downloaded(), log_file, {
    ...options,
    fail,
    expanded,
    bytes_max,
    spent: (seconds) => (stages.decrypt += seconds),
  })
  async function* compressed(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of opened.content) {
      counts.gzip += piece.length
      yield piece
    }
  }

  const sha256 = createHash('sha256')
  let facts: ExtractFacts | null = null
  async function* text(): AsyncGenerator<Uint8Array, void> {
    const damaged = (why: string): Error => fail('gzip_corrupt', why)
    const waited = (seconds: number): number => (stages.inflate += seconds)
    let turn_at = TURN_BYTES
    for await (const piece of timed(inflate(compressed(), { compression: 'gzip', damaged }), waited)) {
      counts.raw += piece.length
      expanded(counts.raw)
      const started = performance.now()
      sha256.update(piece)
      stages.hash += (performance.now() - started) / 1000
      options.observe?.({ encrypted_bytes: counts.encrypted, raw_bytes: counts.raw })
      yield piece
      if (counts.raw < turn_at) continue
      turn_at = counts.raw + TURN_BYTES
      await setImmediate()
      mustGoOn()
    }
    // The inflater waits for what comes before it; that is not its own time.
    stages.inflate = Math.max(0, stages.inflate - stages.download - stages.decrypt)
    facts = {
      encrypted_bytes: counts.encrypted,
      gzip_bytes: counts.gzip,
      raw_bytes: counts.raw,
      sha256_raw: sha256.digest('hex'),
      key_id: opened.key_id,
      encrypted_at: opened.encryptedAt()?.toISOString() ?? null,
      stages,
    }
  }
  return {
    bytes: text(),
    facts() {
      assert(facts !== null, 'the facts of a log file are known when its text has ended')
      return facts
    },
  }
}

type Unwrapped = Pick<Decrypted, 'content' | 'encryptedAt'> & { readonly key_id: string | null }

async function unwrap(
  file: AsyncIterable<Uint8Array>,
  log_file: LogFile,
  options: Parameters<typeof decrypt>[1] & { readonly fail: Fail },
): Promise<Unwrapped> {
  switch (log_file.wrapping) {
    case 'gzip':
      return { content: file, key_id: null, encryptedAt: () => null }
    case 'gpg':
      return decrypt(file, options)
  }
}

/** Tells `waited` how long each piece took to come. */
async function* timed(
  pieces: AsyncIterable<Uint8Array>,
  waited: (seconds: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let since = performance.now()
  for await (const piece of pieces) {
    waited((performance.now() - since) / 1000)
    yield piece
    since = performance.now()
  }
  waited((performance.now() - since) / 1000)
}
