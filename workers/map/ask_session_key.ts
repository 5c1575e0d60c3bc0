// The worker's side of the key exchange: a file's session-key packets go to the key service and its session key comes
// back, over a connection that stores nothing.

import type { Day } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { SessionKeyReply, type SessionKeyRequest } from '../../contracts/key_exchange.ts'
import type { Bus } from '../../runtime/bus/bus.ts'

const ANSWER_MS_MAX = 10_000

/** Asks for the session key of one file; key_service_silent when nobody answers, or not in words we know. */
export async function askSessionKey(
  bus: Pick<Bus, 'request' | 'subjects'>,
  given: { readonly day: Day; readonly packets: Uint8Array },
  { signal }: { readonly signal: AbortSignal },
): Promise<SessionKeyReply> {
  const { day } = given
  const request: SessionKeyRequest = { day, packets: Buffer.from(given.packets).toString('base64') }
  const silent = (why: string, cause?: unknown): MillraceError =>
    new MillraceError('key_service_silent', `Cannot get the session key for ${day.site} ${day.date}: ${why}`, { cause })
  let answer: unknown
  try {
    answer = await bus.request(bus.subjects.session_key, request, { timeout_ms: ANSWER_MS_MAX, signal })
  } catch (cause) {
    if (signal.aborted) throw new MillraceError('aborted', 'Cannot wait for a session key: told to stop', { cause })
    throw silent('the key service does not answer', cause)
  }
  const reply = SessionKeyReply.safeParse(answer)
  // The parser's complaint could quote the key.
  if (!reply.success) throw silent('the key service gave an answer that cannot be read')
  return reply.data
}
