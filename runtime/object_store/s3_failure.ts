// Reads from an error of the S3 client what happened and whether trying again can help. S3 says it by status, by name
// and by plain network errors, differently on every server.
import type { RetryReason } from './object_store.ts'

export type S3Failure =
  | { readonly kind: 'missing' }
  /** If-Match or If-None-Match did not hold, or the range lies behind the end. */
  | { readonly kind: 'precondition' }
  /** Trying again may help. */
  | { readonly kind: 'again'; readonly reason: RetryReason; readonly why: string }
  /** It may work later, after somebody mended something. */
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  /** Nothing of S3: a fault of ours or of the local disk. */
  | { readonly kind: 'foreign' }

/** Names that tell more than the status they come with. */
const BY_NAME: Readonly<Record<string, S3Failure>> = {
  NoSuchBucket: { kind: 'unreachable', why: 'the bucket does not exist' },
  CredentialsProviderError: { kind: 'unreachable', why: 'no credentials were found' },
  ExpiredToken: { kind: 'unreachable', why: 'the credentials have expired' },
  ExpiredTokenException: { kind: 'unreachable', why: 'the credentials have expired' },
  TimeoutError: { kind: 'again', reason: 'network', why: 'the server does not answer in time' },
  RequestTimeout: { kind: 'again', reason: 'network', why: 'the server waited too long for data' },
  // The client corrects its clock by the answer, so that the next try is signed in time.
  RequestTimeTooSkewed: { kind: 'again', reason: 'server', why: 'the clocks of client and server differ' },
  SlowDown: { kind: 'again', reason: 'busy', why: 'the server is busy' },
}

/** Codes of Node's network layers. */
const NETWORK =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ERR_SSL|ERR_TLS|ERR_STREAM_PREMATURE_CLOSE|CERT_|HPE_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/

/** Finds out what an error of the S3 client means. */
export function s3FailureOf(error: unknown): S3Failure {
  if (!(error instanceof Error)) return { kind: 'foreign' }
  const named = BY_NAME[error.name]
  if (named !== undefined) return named
  const status = statusOf(error)
  if (status !== undefined) return byStatus(status, error.name)
  // Node reports several addresses that all refused as one AggregateError.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (NETWORK.test(code)) return { kind: 'again', reason: 'network', why: `the network answers ${code}` }
  return { kind: 'foreign' }
}

function byStatus(status: number, name: string): S3Failure {
  const why = `the server answers ${status} ${name}`
  if (status === 404) return { kind: 'missing' }
  if (status === 412 || status === 416) return { kind: 'precondition' }
  if (status === 409) return { kind: 'again', reason: 'conflict', why }
  if (status === 429 || status === 503) return { kind: 'again', reason: 'busy', why }
  // An answer of 200 that cannot be read is a broken one.
  if (status === 408 || status < 300 || (status >= 500 && status !== 501))
    return { kind: 'again', reason: 'server', why }
  return { kind: 'refused', why }
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined
  if (!('httpStatusCode' in error.$metadata)) return undefined
  const status = error.$metadata.httpStatusCode
  return typeof status === 'number' ? status : undefined
}
