// Tables become files, and a table's name may hold what a file's name must not: views of one problem are named after an id
// that somebody chose. Names of files are made here, so that no table can leave its folder or take another's place.
import { createHash } from 'node:crypto'
import { fullName, type Relation } from './relation.ts'

export const FORMATS = ['csv', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/** Most file systems take 255 bytes. */
const STEM_BYTES_MAX = 200

/** Names the file of a table: everything but `A-Z a-z 0-9 _ -` and the schema's dot is percent-encoded. */
export function fileNameOf(relation: Pick<Relation, 'schema' | 'name'>, format: Format): string {
  const { schema, name } = relation
  const stem = schema === 'main' ? encoded(name) : `${encoded(schema)}.${encoded(name)}`
  if (stem.length <= STEM_BYTES_MAX) return `${stem}.${format}`
  const digest = createHash('sha256').update(fullName(relation)).digest('hex').slice(0, 16)
  return `${stem.slice(0, STEM_BYTES_MAX - digest.length - 1)}~${digest}.${format}`
}

const encoded = (name: string): string =>
  [...Buffer.from(name)]
    .map((byte) => {
      const sign = String.fromCharCode(byte)
      return /[A-Za-z0-9_-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
