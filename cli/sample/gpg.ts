// Samples, tests and benchmarks need files encrypted exactly as edX does it, and edX uses GnuPG: so this drives the real
// `gpg` in a key ring of its own. It never touches the user's own key ring, and leaves no agent behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Duplex, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MillraceError } from '../../contracts/errors.ts'

export interface KeyRequest {
  /** Names the key; a recipient is named by it. */
  readonly name: string
  readonly algorithm: 'rsa2048' | 'rsa4096' | 'ed25519/cv25519'
  readonly passphrase?: string
  /** The key was valid for a year, long ago. */
  readonly expired?: true
}

export interface EncryptOptions {
  /** Names of keys; edX encrypts to every data czar and to a master key of its own. */
  readonly recipients: readonly string[]
  /** Leave the recipients' key ids out of the file. */
  readonly hidden?: boolean
  /** gpg's own compression; edX pipes gzip into gpg, which compresses it once more with `zlib`, gpg's choice here. */
  readonly compression?: 'zlib' | 'zip' | 'bzip2' | 'none'
  readonly cipher?: 'AES256' | 'AES192' | 'AES128' | 'CAST5' | '3DES'
  /** False makes an old packet without integrity protection (RFC 2440). */
  readonly integrity?: boolean
}

/** A key ring in a folder of its own; disposing stops its agent and removes the folder. */
export interface Keyring extends AsyncDisposable {
  makeKey(request: KeyRequest): Promise<void>
  exportSecretKey(name: string): Promise<string>
  exportSecretKeyBinary(name: string): Promise<Buffer>
  /** Lists the key ids (16 upper-case hexadecimal digits) of a key's encryption subkeys. */
  encryptionKeyIds(name: string): Promise<readonly string[]>
  encrypt(plain: Uint8Array | AsyncIterable<Uint8Array>, options: EncryptOptions): Promise<Buffer>
}

/** Makes an empty key ring below `folder`; the path should be short, for the agent's socket lies in it. */
export async function createKeyring(folder: string): Promise<Keyring> {
  const home = await mkdtemp(join(folder, 'gnupg-'))
  await chmod(home, 0o700)
  const made = new Map<string, KeyRequest>()

  async function exportKey(name: string, form: readonly string[]): Promise<Buffer> {
    const args = [...form, '--export-secret-keys', mailOf(name)]
    return run(home, args, { secret: made.get(name)?.passphrase ?? '' })
  }

  return {
    async makeKey(request) {
      const time = request.expired === true ? DURING_EXPIRED : []
      await run(home, [...time, '--generate-key'], { input: Buffer.from(parametersOf(request)) })
      made.set(request.name, request)
    },
    exportSecretKey: async (name) => (await exportKey(name, ['--armor'])).toString('ascii'),
    exportSecretKeyBinary: (name) => exportKey(name, []),
    async encryptionKeyIds(name) {
      const listing = (await run(home, ['--with-colons', '--list-keys', mailOf(name)], {})).toString('utf8')
      const fields = listing.split('\n').map((line) => line.split(':'))
      return fields
        .filter(([kind, ...rest]) => kind === 'sub' && rest[10]?.includes('e'))
        .map((field) => field[4] ?? '')
    },
    async encrypt(plain, options) {
      const expired = options.recipients.some((name) => made.get(name)?.expired === true)
      return run(home, [...(expired ? DURING_EXPIRED : []), ...encryptArguments(options)], { input: plain })
    },
    async [Symbol.asyncDispose]() {
      await execute('gpgconf', ['--homedir', home, '--kill', 'all'], {})
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** gpg refuses to encrypt to an expired key, so the clock of that call stands in the key's year. */
const DURING_EXPIRED = ['--faked-system-time', '20150601T000000!', '--ignore-time-conflict', '--ignore-valid-from']

const mailOf = (name: string): string => `<${name}@example.org>`

function parametersOf(request: KeyRequest): string {
  const [main, sub] =
    request.algorithm === 'ed25519/cv25519'
      ? ['Key-Type: eddsa\nKey-Curve: ed25519', 'Subkey-Type: ecdh\nSubkey-Curve: cv25519']
      : ['Key-Type: RSA\nKey-Length: BITS', 'Subkey-Type: RSA\nSubkey-Length: BITS']
  const lines = [
    `${main}\nKey-Usage: sign,cert`,
    `${sub}\nSubkey-Usage: encrypt`,
    `Name-Real: ${request.name}\nName-Email: ${request.name}@example.org`,
    `Expire-Date: ${request.expired === true ? '1y' : '0'}`,
    request.passphrase === undefined ? '%no-protection' : `Passphrase: ${request.passphrase}`,
    '%commit\n',
  ]
  return lines.join('\n').replaceAll('BITS', request.algorithm.slice(3))
}

function encryptArguments(options: EncryptOptions): string[] {
  const to = options.hidden === true ? '--hidden-recipient' : '--recipient'
  return [
    ...(options.integrity === false ? ['--rfc2440'] : []),
    ...(options.compression === undefined ? [] : ['--compress-algo', options.compression]),
    ...(options.cipher === undefined ? [] : ['--cipher-algo', options.cipher]),
    ...options.recipients.flatMap((name) => [to, mailOf(name)]),
    '--encrypt',
  ]
}

interface Given {
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>
  /** Goes to gpg over a pipe, never in its arguments, which every user of the machine can read. */
  readonly secret?: string
}

function run(home: string, args: readonly string[], given: Given): Promise<Buffer> {
  const fixed = ['--homedir', home, '--no-options', '--batch', '--no-tty', '--quiet', '--pinentry-mode', 'loopback']
  const secret = given.secret === undefined ? [] : ['--passphrase-fd', '3']
  return execute('gpg', [...fixed, '--trust-model', 'always', ...secret, ...args], given)
}

async function execute(program: string, args: readonly string[], given: Given): Promise<Buffer> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw new MillraceError(
      'setup_missing',
      `Cannot encrypt sample data: the program "${program}" is missing; install GnuPG 2.2 or newer (Debian: apt-get install gnupg)`,
      { cause },
    )
  }
  const closed = once(child, 'close')
  const secret_pipe = child.stdio[3]
  if (secret_pipe instanceof Duplex) {
    // A gpg that ends before it reads the passphrase says itself why.
    secret_pipe.on('error', () => {})
    secret_pipe.end(given.secret)
  }
  const fed = pipeline(piecesOf(given.input), child.stdin)
  const [output, complaint, feeding] = await Promise.all([
    child.stdout.toArray(),
    child.stderr.toArray(),
    fed.then(
      () => null,
      (error: unknown) => error,
    ),
  ])
  const [exit_code] = await closed
  if (exit_code !== 0)
    throw new Error(`${program} ended with code ${exit_code}: ${Buffer.concat(complaint).toString('utf8').trim()}`)
  if (feeding !== null) throw feeding
  return Buffer.concat(output)
}

function piecesOf(input: Given['input']): Readable {
  if (input === undefined) return Readable.from([])
  return Readable.from(input instanceof Uint8Array ? [input] : input)
}
