// The catalogue of expected failures. A code is stable, a sentence says what could not be done, to what, and why, and
// `retryable` says whether the same thing may work later. docs/errors.md is generated from here.

interface Entry {
  readonly retryable: boolean
  /** What an operator should do, for docs/errors.md. */
  readonly remedy: string
}

const CATALOGUE = {
  config_invalid: {
    retryable: false,
    remedy: 'Correct the named keys of millrace.yaml; `millrace init` writes a commented one',
  },
  usage_invalid: { retryable: false, remedy: 'Correct the command line; `millrace COMMAND --help` says what it takes' },
  config_missing: { retryable: false, remedy: 'Run `millrace init`, or name a file with --config' },
  source_unreachable: { retryable: true, remedy: 'Check the address, the network and the credentials of the source' },
  store_unreachable: {
    retryable: true,
    remedy: 'Check the address, the network and the credentials of the results store',
  },
  store_refused: { retryable: true, remedy: 'Check the permissions of the credentials on this prefix' },
  object_missing: { retryable: false, remedy: 'The object is gone; the next sweep plans without it' },
  object_changed: { retryable: true, remedy: 'The object was re-published; the next sweep plans it anew' },
  object_corrupt: {
    retryable: false,
    remedy: 'A stored part or record is damaged; restore it, or remove it so that the next run makes it again',
  },
  queue_unreachable: { retryable: true, remedy: 'Check that nats-server runs and that the address is right' },
  queue_unfit: { retryable: false, remedy: 'Use nats-server 2.9 or newer with JetStream enabled' },
  no_key: {
    retryable: false,
    remedy:
      'Put the private key that the file was encrypted to into the key directory, then `millrace retry --class key`',
  },
  key_unreadable: { retryable: false, remedy: 'Check the key file and its passphrase file' },
  key_service_silent: { retryable: true, remedy: 'Check that the coordinator runs: it holds the keys' },
  not_openpgp: { retryable: false, remedy: 'The file is not an OpenPGP message; ask for it again' },
  decrypt_corrupt: { retryable: false, remedy: 'The file is damaged or cut; download it again from edX' },
  decrypt_unauthenticated: {
    retryable: false,
    remedy: 'The file has no integrity packet; allow it with `allow_unauthenticated: true`',
  },
  decrypt_unsupported: {
    retryable: false,
    remedy: 'The file uses a part of OpenPGP that Millrace does not read; ask for it again, made by a usual gpg',
  },
  gzip_corrupt: { retryable: false, remedy: 'The compressed data is damaged or cut; download the file again from edX' },
  bomb: { retryable: false, remedy: 'The file expands beyond all reason; look at where it comes from' },
  crash_loop: {
    retryable: false,
    remedy: 'The worker died on this day again and again; look at its log, then `millrace retry`',
  },
  other_geoip: { retryable: true, remedy: 'Give coordinator and workers the same `geoip` in their configs' },
  geoip_unusable: {
    retryable: true,
    remedy: 'Put a MaxMind DB of countries or cities where `geoip` in the config says',
  },
  other_recipe: { retryable: true, remedy: 'Bring coordinator and workers to the same release' },
  other_tables: {
    retryable: true,
    remedy: 'Give all processes the same folder of own tables and the same `rules`, and start them anew',
  },
  address_unusable: {
    retryable: false,
    remedy: 'Free the port, or choose another with --http-port or under `http` in the config',
  },
  thread_lost: { retryable: true, remedy: 'A worker thread ended unexpectedly; the job is tried again' },
  stalled: { retryable: true, remedy: 'A job made no progress; it is tried again' },
  aborted: { retryable: true, remedy: 'The process was told to stop; the job goes to another worker' },
  shrink_guard: {
    retryable: false,
    remedy: 'Many days vanished from the source; if that is meant, set `allow_shrink: true`',
  },
  merge_conflict: { retryable: true, remedy: 'Another reducer was faster; the merge starts again from its head' },
  verify_failed: { retryable: false, remedy: 'A course database differs from its receipts; report this' },
  export_failed: {
    retryable: false,
    remedy: 'Make room on the disk, or raise `reducers.memory_mb`; then export again: what is there already stays',
  },
  setup_missing: { retryable: false, remedy: 'Install the named program' },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof CATALOGUE
export const ERROR_CODES = Object.keys(CATALOGUE) as readonly ErrorCode[]

/** An expected failure: `message` is a whole sentence without a full stop, fit for people and free of learners' data. */
export class MillraceError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'MillraceError'
    this.code = code
    this.retryable = CATALOGUE[code].retryable
  }
}

/** Tells what an operator should do about a code. */
export const remedyOf = (code: ErrorCode): string => CATALOGUE[code].remedy
export const isRetryable = (code: ErrorCode): boolean => CATALOGUE[code].retryable
