// Files as edX makes them, by the real gpg, and their extraction with the real key ring: what the tests of this folder
// about encrypted files share.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyring, type Keyring } from '../../../cli/sample/gpg.ts'
import type { SessionKeyReply } from '../../../contracts/key_exchange.ts'
import { LogFile } from '../../../contracts/log_file.ts'
import { type KeyRing, loadKeys } from '../../../coordinator/key_ring.ts'
import { answerSessionKey } from '../../../coordinator/key_service.ts'
import { type ExtractFacts, type ExtractOptions, extract } from '../../../workers/map/extract.ts'

export const DAY = { organisation: 'demox', site: 'edx', date: '2016-03-01' }

export function logFile(bytes: Uint8Array, wrapping: 'gpg' | 'gzip'): LogFile {
  return LogFile.parse({
    day: DAY,
    key: `DemoX/edx/events/2016/demox-edx-events-2016-03-01.log.gz${wrapping === 'gpg' ? '.gpg' : ''}`,
    etag: 'e',
    size: bytes.length,
    last_modified: '2016-03-02T04:00:00Z',
    wrapping,
  })
}

/** Asks a key ring as the bus would: through JSON. */
export function askRing(ring: KeyRing): (packets: Uint8Array) => Promise<SessionKeyReply> {
  return async (packets) =>
    answerSessionKey(ring, {
      day: logFile(packets, 'gpg').day,
      packets: Buffer.from(packets).toString('base64'),
    })
}

/** Splits bytes into chunks of a size, as a network would. */
export async function* chunksOf(bytes: Uint8Array, chunk_bytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk_bytes) yield bytes.subarray(at, at + chunk_bytes)
}

export interface Extracted {
  readonly text: Buffer
  readonly facts: ExtractFacts
}

/** Collects copies of bytes to their end. */
export async function gather(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of bytes) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** Extracts a file to its end. */
export async function extractAll(
  bytes: Uint8Array,
  options: {
    readonly sessionKey?: ExtractOptions['sessionKey']
    readonly wrapping?: 'gpg' | 'gzip'
    readonly allow_unauthenticated?: boolean
    readonly chunk_bytes?: number
  } = {},
): Promise<Extracted> {
  const file = await extract(
    chunksOf(bytes, options.chunk_bytes),
    logFile(bytes, options.wrapping ?? (options.sessionKey === undefined ? 'gzip' : 'gpg')),
    {
      sessionKey: options.sessionKey ?? (() => Promise.reject(new Error('a plain file needs no key'))),
      allow_unauthenticated: options.allow_unauthenticated ?? false,
      signal: new AbortController().signal,
    },
  )
  const text = await gather(file.bytes)
  return { text, facts: file.facts() }
}

/** The keys of the tests: the data czar's, edX's master, an expired one and one that nobody gives us. */
export interface KeyRoom extends AsyncDisposable {
  readonly gpg: Keyring
  readonly folder: string
  /** Holds `czar` (locked by a passphrase) and `former` (expired), but not `master`. */
  readonly ring: KeyRing
}

export async function openKeyRoom(): Promise<KeyRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-keys-'))
  const gpg = await createKeyring(folder)
  await gpg.makeKey({ name: 'czar', algorithm: 'rsa2048', passphrase: 'correct horse' })
  await gpg.makeKey({ name: 'former', algorithm: 'ed25519/cv25519', expired: true })
  await gpg.makeKey({ name: 'master', algorithm: 'ed25519/cv25519' })
  await writeFile(join(folder, 'czar.asc'), await gpg.exportSecretKey('czar'), { mode: 0o600 })
  await writeFile(join(folder, 'czar.passphrase'), 'correct horse\n', { mode: 0o600 })
  await writeFile(join(folder, 'former.gpg'), await gpg.exportSecretKeyBinary('former'), { mode: 0o600 })
  const ring = await loadKeys(folder, { log: { warn() {} } })
  return {
    gpg,
    folder,
    ring,
    async [Symbol.asyncDispose]() {
      await gpg[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
