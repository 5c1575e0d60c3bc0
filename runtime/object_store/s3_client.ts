// The configured S3 client. Its settings are those that other servers than Amazon's need as well; they are found out by
// trial and easily lost.
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { StoreLocation } from '../../config/schema.ts'

/** Time to reach the server. */
const CONNECT_MS_MAX = 5_000
/** Silence on a connection after which it counts as broken. */
const IDLE_MS_MAX = 30_000
/** Connections per store; more requests than these would wait for each other. */
const CONNECTIONS_MAX = 256

/** The client would warn on the console of what is retried anyway. */
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** Makes the client of a location, with the usual AWS credential chain. */
export async function makeS3Client(location: StoreLocation): Promise<S3Client> {
  const given: S3ClientConfig = location.profile === undefined ? {} : { profile: location.profile }
  const agent = { keepAlive: true, maxSockets: CONNECTIONS_MAX }
  return new S3Client({
    ...given,
    ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint }),
    region: location.region ?? (await usualRegion(given)),
    forcePathStyle: location.path_style,
    followRegionRedirects: true,
    // Otherwise streams are sent in chunks with a checksum behind them, which other servers refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // s3_request.ts retries: it can be observed and aborted, and it knows what a repeated create-only put means.
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      socketTimeout: IDLE_MS_MAX,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
}

/** Asks the AWS environment and profile for the region; other servers have none, so there is a default. */
async function usualRegion(given: S3ClientConfig): Promise<string> {
  const client = new S3Client(given)
  try {
    return await client.config.region()
  } catch {
    return 'us-east-1'
  } finally {
    client.destroy()
  }
}
