// What is known of a log file itself comes from its receipt: the rows of `log_file` in every course database and in the
// catalogue are made from these facts.
import assert from 'node:assert/strict'
import type { Receipt } from '../../contracts/receipt.ts'
import type { RowTable } from './row_layout.ts'

/** Row table of the facts, beside `file_date`. */
export const FILE_FACTS: RowTable = {
  name: 'log_file',
  columns: [
    { name: 'org', type: 'VARCHAR' },
    { name: 'site', type: 'VARCHAR' },
    { name: 'object_key', type: 'VARCHAR' },
    { name: 'etag', type: 'VARCHAR' },
    { name: 'bytes_encrypted', type: 'BIGINT' },
    { name: 'bytes_gzip', type: 'BIGINT' },
    { name: 'bytes_raw', type: 'BIGINT' },
    { name: 'lines', type: 'BIGINT' },
    { name: 'events', type: 'BIGINT' },
    { name: 'blank', type: 'BIGINT' },
    { name: 'duplicates', type: 'BIGINT' },
    { name: 'rejected', type: 'BIGINT' },
    { name: 'rescued', type: 'BIGINT' },
    { name: 'prefixed', type: 'BIGINT' },
    { name: 'truncated_payload', type: 'BIGINT' },
    { name: 'no_course', type: 'BIGINT' },
    { name: 'foreign_org', type: 'BIGINT' },
    { name: 'min_time', type: 'TIMESTAMP' },
    { name: 'max_time', type: 'TIMESTAMP' },
    { name: 'key_id', type: 'VARCHAR' },
    { name: 'encrypted_at', type: 'TIMESTAMP' },
    { name: 'sha256_raw', type: 'VARCHAR' },
    { name: 'recipe', type: 'INTEGER' },
    { name: 'worker', type: 'VARCHAR' },
    { name: 'seconds', type: 'DOUBLE' },
  ],
  by_course: false,
}

/** Reads the values of FILE_FACTS from a receipt, in the order of its columns; times as ISO text without a zone. */
export function fileFacts(receipt: Receipt): readonly (string | number | null)[] {
  const { log_file, ledger, bytes } = receipt
  const facts: Readonly<Record<string, string | number | null>> = {
    org: log_file.day.organisation,
    site: log_file.day.site,
    object_key: log_file.key,
    etag: log_file.etag,
    bytes_encrypted: bytes.encrypted,
    bytes_gzip: bytes.gzip,
    bytes_raw: bytes.raw,
    lines: ledger.lines,
    events: ledger.events,
    blank: ledger.blank,
    duplicates: ledger.duplicates,
    rejected: ledger.rejected,
    rescued: ledger.rescued,
    prefixed: ledger.prefixed,
    truncated_payload: ledger.truncated_payload,
    no_course: ledger.no_course,
    foreign_org: ledger.foreign_org,
    min_time: utc(ledger.min_time),
    max_time: utc(ledger.max_time),
    key_id: receipt.key_id,
    encrypted_at: utc(receipt.encrypted_at),
    sha256_raw: receipt.sha256_raw,
    recipe: receipt.recipe,
    worker: receipt.worker,
    seconds: receipt.seconds,
  }
  return FILE_FACTS.columns.map(({ name }) => {
    const value = facts[name]
    assert(value !== undefined, `no fact for the column ${name} of log_file`)
    return value
  })
}

/** ISO times of receipts end in Z; a TIMESTAMP is UTC without saying so. */
const utc = (time: string | null): string | null => time?.replace(/Z$/, '') ?? null
