// An export that is on its way to somebody else must tell what it is and whether it is whole. The manifest is written last:
// a folder that has one has everything that it names.
import { z } from 'zod'
import { CourseHead, EditionFile } from '../../contracts/head.ts'
import { FORMATS } from './file_name.ts'

export const MANIFEST_NAME = 'manifest.json'

const count = z.number().int().nonnegative()
const Sum = { bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }

/** Raised when the same edition is exported to other files than before, so that folders of an older kind are written anew. */
export const EXPORT_VERSION = 1

/** What an export was made from: as long as it stays the same, so do all files. */
export const MadeFrom = z.strictObject({
  organisation: z.string(),
  /** Null for the catalogue. */
  site: z.string().nullable(),
  course_id: z.string().nullable(),
  edition: z.string(),
  /** Number of the head that names the edition. */
  head: z.number().int().positive(),
  database: EditionFile,
  /** Days in it: date -> fingerprint. Empty for the catalogue, whose table `day` tells. */
  days: CourseHead.shape.days,
  format: z.enum(FORMATS),
  /** Tables that were asked for; null for all. */
  tables_asked: z.array(z.string()).nullable(),
})
export type MadeFrom = z.infer<typeof MadeFrom>

export const Manifest = z.strictObject({
  export_version: z.literal(EXPORT_VERSION),
  made_from: MadeFrom,
  /** Asked for, and not in this database. */
  tables_absent: z.array(z.string()),
  tables: z.array(
    z.strictObject({
      table: z.string(),
      kind: z.enum(['table', 'view']),
      file: z.string(),
      rows: count,
      ...Sum,
      columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    }),
  ),
  codebook: z.array(z.strictObject({ file: z.string(), ...Sum })),
})
export type Manifest = z.infer<typeof Manifest>

/** Reads a manifest; null for what is none, or of another version. */
export function readManifest(text: string): Manifest | null {
  try {
    const parsed = Manifest.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Writes a manifest as text; the same manifest is the same text. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`
