// What a server must be able to do. Millrace uses only what every server from 2.9 on does alike; an older one, or one
// without JetStream, is refused at once, because it would fail later and silently.
import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { MillraceError } from '../../contracts/errors.ts'

const OLDEST = { major: 2, minor: 9 }
/** The newest line whose behaviour we have checked. Newer ones are used, and said to be new. */
const NEWEST = { major: 2, minor: 14 }

interface Version {
  readonly major: number
  readonly minor: number
}

/** Tells whether a server version is fit; `unknown` for a newer line or a version that cannot be read. */
export function fitness(version: string): 'fit' | 'too_old' | 'unknown' {
  const found = /^v?(\d+)\.(\d+)\./.exec(version)
  if (!found) return 'unknown'
  const is = { major: Number(found[1]), minor: Number(found[2]) }
  if (compare(is, OLDEST) < 0) return 'too_old'
  return compare(is, NEWEST) > 0 ? 'unknown' : 'fit'
}

const compare = (a: Version, b: Version): number => a.major - b.major || a.minor - b.minor

/** Refuses a server that cannot carry the queue (queue_unfit); a remark about a doubtful one is the return value. */
export async function checkServer(nats: NatsConnection, manager: JetStreamManager): Promise<string | null> {
  const version = nats.info?.version ?? 'unknown'
  const fit = fitness(version)
  if (fit === 'too_old')
    throw new MillraceError(
      'queue_unfit',
      `Cannot use the queue at ${nats.getServer()}: nats-server ${version} is too old`,
    )
  await checkJetStream(nats, manager)
  return fit === 'fit' ? null : `nats-server ${version} is newer than any that Millrace was checked with`
}

async function checkJetStream(nats: NatsConnection, manager: JetStreamManager): Promise<void> {
  try {
    await manager.getAccountInfo()
  } catch (cause) {
    // A cluster without a leader, or a user who may not ask, also fails here: only a plain no is taken for one.
    const refused = cause instanceof JetStreamApiError && cause.code === JetStreamApiCodes.JetStreamNotEnabledForAccount
    const absent = nats.info?.jetstream !== true && cause instanceof Error && cause.name === 'JetStreamNotEnabled'
    if (!refused && !absent && !isNotEnabled(cause)) return
    throw new MillraceError('queue_unfit', `Cannot use the queue at ${nats.getServer()}: JetStream is not enabled`, {
      cause,
    })
  }
}

/** The client wraps error 10039 once more. */
const isNotEnabled = (cause: unknown): boolean =>
  cause instanceof Error &&
  cause.cause instanceof JetStreamApiError &&
  cause.cause.code === JetStreamApiCodes.JetStreamNotEnabledForAccount
