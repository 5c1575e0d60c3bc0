// Answers the workers' question "what is the session key of this file?". It is the only place where private keys work;
// a worker that is taken over yields the files it was given, and never the key to all others.
import * as openpgp from 'openpgp'
import { type SessionKeyReply, SessionKeyRequest } from '../contracts/key_exchange.ts'
import type { Bus } from '../runtime/bus/bus.ts'
import type { Log } from '../runtime/log.ts'
import type { KeyRing } from './key_ring.ts'

interface ServeOptions {
  readonly log: Pick<Log, 'info' | 'warn' | 'debug'>
  /** Hears of every request answered, for the metrics. */
  readonly observe?: (result: SessionKeyReply['kind'], seconds: number) => void
}

/** Answers requests on the bus until disposed of. */
export function serveKeys(
  bus: Pick<Bus, 'answer' | 'subjects'>,
  ring: KeyRing,
  { log, observe }: ServeOptions,
): Promise<AsyncDisposable> {
  log.info('key_service_started', { keys: ring.keys.length, warnings: ring.warnings.length })
  return bus.answer(bus.subjects.session_key, async (body): Promise<SessionKeyReply> => {
    const started = performance.now()
    const request = SessionKeyRequest.safeParse(body)
    const reply: SessionKeyReply = request.success
      ? await answerSessionKey(ring, request.data)
      : { kind: 'refused', code: 'key_service_silent', reason: 'the request is not a session-key request' }
    observe?.(reply.kind, (performance.now() - started) / 1000)
    const day = request.success ? request.data.day : null
    switch (reply.kind) {
      case 'session_key':
        log.debug('session_key_sent', { ...day, key_id: reply.key_id })
        break
      case 'no_key':
        log.warn('session_key_missed', { ...day, recipients: reply.recipients })
        break
      case 'refused':
        log.warn('session_key_refused', { ...day, code: reply.code, reason: reply.reason })
    }
    return reply
  })
}

/** Opens the first of a file's session-key packets that a key of ours opens. */
export async function answerSessionKey(ring: KeyRing, request: SessionKeyRequest): Promise<SessionKeyReply> {
  const packets = await readPackets(new Uint8Array(Buffer.from(request.packets, 'base64')))
  if (packets.length === 0)
    return { kind: 'refused', code: 'decrypt_corrupt', reason: 'its session-key packets cannot be read' }
  if (ring.keys.length === 0)
    return {
      kind: 'refused',
      code: 'key_unreadable',
      reason: ['no private key is usable', ...ring.warnings].join('; '),
    }
  let damaged: string | null = null
  for (const packet of packets)
    for (const key of ring.keys)
      for (const key_id of subkeyIdsFor(key, packet)) {
        const opened = await open(addressed(packet, key_id), key)
        if (opened !== null) return { kind: 'session_key', ...opened, key_id }
        if (packet.key_id !== HIDDEN) damaged = key_id
      }
  if (damaged !== null)
    return {
      kind: 'refused',
      code: 'decrypt_corrupt',
      reason: `its session-key packet for our key ${damaged} is damaged`,
    }
  return { kind: 'no_key', recipients: packets.map(({ key_id }) => (key_id === HIDDEN ? 'hidden' : key_id)) }
}

interface Packet {
  /** 16 upper-case hexadecimal digits. */
  readonly key_id: string
  /** With its header, as an OpenPGP message of its own. */
  readonly framed: Uint8Array
  readonly header_bytes: number
}

/** What stands instead of a key id when the sender hid it. */
const HIDDEN = '0000000000000000'

/** Old keys open old files: what we would not trust for signatures, or encrypt to, still decrypts. */
const LENIENT: openpgp.PartialConfig = {
  enforceGrammar: false,
  ignoreMalformedPackets: true,
  rejectHashAlgorithms: new Set(),
  allowMissingKeyFlags: true,
  allowInsecureDecryptionWithSigningKeys: true,
}

async function readPackets(bytes: Uint8Array): Promise<readonly Packet[]> {
  try {
    const { packets } = await openpgp.readMessage({ binaryMessage: bytes, config: LENIENT })
    return packets.filterByTag(openpgp.enums.packet.publicKeyEncryptedSessionKey).map((packet) => {
      const list = new openpgp.PacketList<openpgp.AnyPacket>()
      list.push(packet)
      const framed = list.write()
      const [key_id] = new openpgp.Message(list).getEncryptionKeyIDs()
      return {
        key_id: key_id?.toHex().toUpperCase() ?? HIDDEN,
        framed,
        header_bytes: framed.length - packet.write().length,
      }
    })
  } catch {
    return []
  }
}

function subkeyIdsFor(key: openpgp.PrivateKey, packet: Packet): readonly string[] {
  const own = key.getKeys().map((part) => part.getKeyID().toHex().toUpperCase())
  return packet.key_id === HIDDEN ? own : own.filter((key_id) => key_id === packet.key_id)
}

/** Writes a key id where the sender left zeros (version 3 alone has it there), so that exactly this subkey is tried. */
function addressed(packet: Packet, key_id: string): Uint8Array {
  const framed = packet.framed.slice()
  if (packet.key_id === HIDDEN && framed[packet.header_bytes] === 3)
    framed.set(Buffer.from(key_id, 'hex'), packet.header_bytes + 1)
  return framed
}

async function open(
  framed: Uint8Array,
  key: openpgp.PrivateKey,
): Promise<{ readonly key: string; readonly algorithm: string | null } | null> {
  try {
    const message = await openpgp.readMessage({ binaryMessage: framed, config: LENIENT })
    const [session_key] = await openpgp.decryptSessionKeys({ message, decryptionKeys: key, config: LENIENT })
    if (session_key === undefined) return null
    const opened = { key: Buffer.from(session_key.data).toString('base64'), algorithm: session_key.algorithm }
    session_key.data.fill(0)
    return opened
  } catch {
    // A packet that this key does not open; the library's reason adds nothing, and errors near keys are not kept.
    return null
  }
}
