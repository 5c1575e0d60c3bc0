// The private keys of the organisation, read once from a folder. Years of log files were encrypted to several keys, some
// long expired; one key that cannot be read must not keep the others from their files.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import * as openpgp from 'openpgp'
import type { Log } from '../runtime/log.ts'

export interface KeyRing {
  /** Unlocked, in the order of their files' names. */
  readonly keys: readonly openpgp.PrivateKey[]
  /** Sentences about files that are of no use, or not as they should be. */
  readonly warnings: readonly string[]
}

/** Loads every `*.asc`, `*.gpg`, `*.pgp` and `*.key` of a folder; `NAME.passphrase` beside a file unlocks it. */
export async function loadKeys(directory: string, options: { readonly log: Pick<Log, 'warn'> }): Promise<KeyRing> {
  const keys: openpgp.PrivateKey[] = []
  const warnings: string[] = []
  const warn = (warning: string): void => {
    warnings.push(warning)
    options.log.warn('key_warned', { code: 'key_unreadable', warning })
  }
  for (const name of await namesIn(directory, warn)) {
    const path = join(directory, name)
    for (const locked of await readKeyFile(path, warn)) {
      const key = await unlock(locked, path, warn)
      if (key !== null) keys.push(key)
    }
  }
  return { keys, warnings }
}

type Warn = (warning: string) => void

async function namesIn(directory: string, warn: Warn): Promise<readonly string[]> {
  try {
    const names = await readdir(directory)
    return names.filter((name) => /\.(asc|gpg|pgp|key)$/i.test(name)).sort()
  } catch (error) {
    warn(`Cannot read the key directory "${directory}": ${codeOf(error)}`)
    return []
  }
}

/** Log files end in `.gpg` as well; one that lies among the keys must not be read into memory. */
const KEY_FILE_BYTES_MAX = 4_194_304

async function readKeyFile(path: string, warn: Warn): Promise<readonly openpgp.PrivateKey[]> {
  try {
    const { mode, size } = await stat(path)
    if (size > KEY_FILE_BYTES_MAX) {
      warn(`Cannot read the key file "${path}": ${size} bytes are too many for keys`)
      return []
    }
    const bytes = await readFile(path)
    if ((mode & 0o004) !== 0) warn(`Key file "${path}" can be read by every user of this machine; chmod 600 it`)
    const blocks = bytes.toString('latin1').match(ARMORED)
    if (blocks === null) return await openpgp.readPrivateKeys({ binaryKeys: new Uint8Array(bytes) })
    const keys = await Promise.all(blocks.map((armoredKeys) => openpgp.readPrivateKeys({ armoredKeys })))
    return keys.flat()
  } catch (error) {
    warn(`Cannot read the key file "${path}": ${codeOf(error)}`)
    return []
  }
}

/** One file may hold several blocks, with mail headers or public keys around them. */
const ARMORED = /-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*?-----END PGP PRIVATE KEY BLOCK-----/g

async function unlock(key: openpgp.PrivateKey, path: string, warn: Warn): Promise<openpgp.PrivateKey | null> {
  if (!isLocked(key)) return key
  const key_id = key.getKeyID().toHex().toUpperCase()
  const passphrases = await passphrasesOf(path, warn)
  if (passphrases.length === 0) {
    warn(
      `Cannot unlock key ${key_id} of "${path}": there is no passphrase file "${parse(path).name}.passphrase" beside it`,
    )
    return null
  }
  try {
    return await openpgp.decryptKey({ privateKey: key, passphrase: passphrases })
  } catch {
    // The library's reason is left out: it is about secrets and says no more than this.
    warn(`Cannot unlock key ${key_id} of "${path}": its passphrase file does not open it`)
    return null
  }
}

/** A key whose primary part is kept elsewhere (a GnuPG stub) has only its subkeys to unlock. */
function isLocked(key: openpgp.PrivateKey): boolean {
  const secrets = key.getKeys().map(({ keyPacket }) => keyPacket)
  return secrets.some((secret) => 'isDummy' in secret && !secret.isDummy() && secret.isDecrypted() === false)
}

async function passphrasesOf(path: string, warn: Warn): Promise<string[]> {
  const { dir, name, base } = parse(path)
  const found: string[] = []
  for (const file of new Set([`${base}.passphrase`, `${name}.passphrase`])) {
    try {
      found.push((await readFile(join(dir, file), 'utf8')).replace(/\r?\n$/, ''))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') warn(`Cannot read the passphrase file "${join(dir, file)}": ${codeOf(error)}`)
    }
  }
  return found
}

/** Tells what the system or the library said; neither ever quotes a key. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? 'it holds no private key that can be read' : String(error)
}
