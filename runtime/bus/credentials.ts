// How a process shows who it is. Secrets are read from their files at every connect, so that a rotated password is used
// at the next reconnection and no secret stays in a config value.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type Authenticator,
  credsAuthenticator,
  type TlsOptions,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node'
import type { QueueConfig } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'

/** Makes the authenticator that the config asks for; undefined when the server lets anybody in. */
export function authenticatorOf(queue: QueueConfig, base: string): Authenticator | undefined {
  if (queue.credentials_file !== undefined) {
    const read = lastingReader(resolve(base, queue.credentials_file), 'credentials file')
    return credsAuthenticator(read)
  }
  if (queue.user === undefined) return undefined
  if (queue.password_file === undefined) return usernamePasswordAuthenticator(queue.user)
  const read = lastingReader(resolve(base, queue.password_file), 'password file')
  return usernamePasswordAuthenticator(queue.user, () =>
    read()
      .toString('utf8')
      .replace(/\r?\n$/, ''),
  )
}

/** Reads a file anew at each call; the first read must work, later ones fall back on the last that did. */
function lastingReader(path: string, what: string): () => Buffer {
  let last: Buffer
  try {
    last = readFileSync(path)
  } catch (cause) {
    throw new MillraceError('config_invalid', `Cannot read the ${what} of the queue, "${path}"`, { cause })
  }
  return () => {
    try {
      last = readFileSync(path)
    } catch {
      // A file that is being replaced is away for a moment; the server decides whether the last one still counts.
    }
    return last
  }
}

/** Makes the TLS options of the config; undefined leaves it to what the server offers. */
export function tlsOf(queue: QueueConfig, base: string): TlsOptions | undefined {
  if (queue.tls === undefined) return undefined
  const { ca_file, cert_file, key_file } = queue.tls
  return {
    ...(ca_file === undefined ? {} : { caFile: resolve(base, ca_file) }),
    ...(cert_file === undefined ? {} : { certFile: resolve(base, cert_file) }),
    ...(key_file === undefined ? {} : { keyFile: resolve(base, key_file) }),
  }
}
