// The keys of a sample: the data czar's own, an older one of his that has expired but still opens what was encrypted to
// it, and edX's master key, which is the second recipient of every file and which a data czar never holds.
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyring, type Keyring } from './gpg.ts'

export interface SampleKeys extends AsyncDisposable {
  readonly keyring: Keyring
  /** Writes the data czar's private keys, and the passphrase of the present one, into a folder. */
  writeTo(folder: string): Promise<void>
}

export const CZAR = 'data-czar'
export const OLD_CZAR = 'data-czar-2015'
export const MASTER = 'edx-master'

const PASSPHRASE = 'correct horse battery staple'

/** Makes the three keys; `rsa2048` is what edX's partners have, `ed25519/cv25519` is quicker for tests. */
export async function makeSampleKeys(algorithm: 'rsa2048' | 'ed25519/cv25519'): Promise<SampleKeys> {
  const keyring = await createKeyring(tmpdir())
  try {
    await keyring.makeKey({ name: CZAR, algorithm, passphrase: PASSPHRASE })
    await keyring.makeKey({ name: OLD_CZAR, algorithm, expired: true })
    await keyring.makeKey({ name: MASTER, algorithm })
  } catch (error) {
    await keyring[Symbol.asyncDispose]()
    throw error
  }
  return {
    keyring,
    async writeTo(folder) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(join(folder, `${CZAR}.asc`), await keyring.exportSecretKey(CZAR), { mode: 0o600 })
      await writeFile(join(folder, `${CZAR}.passphrase`), `${PASSPHRASE}\n`, { mode: 0o600 })
      await writeFile(join(folder, `${OLD_CZAR}.asc`), await keyring.exportSecretKey(OLD_CZAR), { mode: 0o600 })
    },
    [Symbol.asyncDispose]: () => keyring[Symbol.asyncDispose](),
  }
}
