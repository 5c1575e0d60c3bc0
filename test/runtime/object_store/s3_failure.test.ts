// What an answer of S3 means: whether trying again can help, and what an operator hears.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { S3ServiceException } from '@aws-sdk/client-s3'
import { s3FailureOf } from '../../../runtime/object_store/s3_failure.ts'

const answer = (httpStatusCode: number, name = 'Unknown') =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } })
const network = (code: string) => Object.assign(new Error('broken'), { code })
const kindOf = (error: unknown) => {
  const failure = s3FailureOf(error)
  return failure.kind === 'again' ? `again: ${failure.reason}` : failure.kind
}

const CASES: readonly (readonly [string, unknown, string])[] = [
  ['404', answer(404, 'NoSuchKey'), 'missing'],
  ['404 of the bucket', answer(404, 'NoSuchBucket'), 'unreachable'],
  ['412', answer(412, 'PreconditionFailed'), 'precondition'],
  ['416', answer(416, 'InvalidRange'), 'precondition'],
  ['409', answer(409, 'ConditionalRequestConflict'), 'again: conflict'],
  ['429', answer(429), 'again: busy'],
  ['503', answer(503, 'SlowDown'), 'again: busy'],
  ['500', answer(500, 'InternalError'), 'again: server'],
  ['501', answer(501, 'NotImplemented'), 'refused'],
  ['an answer of 200 that cannot be read', answer(200, 'SyntaxError'), 'again: server'],
  ['400', answer(400, 'InvalidArgument'), 'refused'],
  ['401', answer(401), 'refused'],
  ['403', answer(403, 'AccessDenied'), 'refused'],
  ['403 for a wrong clock', answer(403, 'RequestTimeTooSkewed'), 'again: server'],
  ['400 for old credentials', answer(400, 'ExpiredToken'), 'unreachable'],
  ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'unreachable'],
  ['silence', Object.assign(new Error('late'), { name: 'TimeoutError' }), 'again: network'],
  ['a refused connection', network('ECONNREFUSED'), 'again: network'],
  ['a reset connection', network('ECONNRESET'), 'again: network'],
  ['an unknown host', network('ENOTFOUND'), 'again: network'],
  ['a certificate that does not fit', network('ERR_TLS_CERT_ALTNAME_INVALID'), 'again: network'],
  ['a file that cannot be read here', network('EACCES'), 'foreign'],
  ['a fault of ours', new TypeError('x is undefined'), 'foreign'],
  ['nothing that is an error', 'text', 'foreign'],
]

for (const [name, error, expected] of CASES)
  test(`s3FailureOf() takes ${name} for ${expected}`, () => assert.equal(kindOf(error), expected))
