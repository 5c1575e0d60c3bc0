// A head is the small numbered record that names an edition; the highest number is current. Creating it is the only
// fence the reducers need: whoever finds the number taken starts again from the new head.
import { z } from 'zod'
import { Site } from './day.ts'
import { Fingerprint } from './fingerprint.ts'
import { CourseFilter } from './plan_record.ts'

const count = z.number().int().nonnegative()

export const EditionFile = z.strictObject({
  key: z.string(),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type EditionFile = z.infer<typeof EditionFile>

/** Days merged into an edition: date -> fingerprint, at most one per date (I2). */
export const MergedDays = z.record(z.string(), Fingerprint)
export type MergedDays = z.infer<typeof MergedDays>

/**
 * Head of a course: `database` is what researchers open, `rows` what the next edition is built from, `figures` what the
 * catalogue reads.
 */
export const CourseHead = z.strictObject({
  version: z.literal(2),
  number: z.number().int().positive(),
  site: Site,
  course_id: z.string(),
  /** Hash of all that decides the content: merged days, declarations, resolved names. */
  edition: z.string(),
  /** Null when the course is no longer built (filtered out, or all its days are gone). */
  database: EditionFile.nullable(),
  rows: EditionFile.nullable(),
  /** Heads of older releases have none. */
  figures: EditionFile.nullable().default(null),
  days: MergedDays,
  summary: z.strictObject({
    events: count,
    learners: count,
    // Heads of older releases do not tell these.
    enrolled: count.default(0),
    enrolled_ever: count.default(0),
    passed: count.default(0),
    certificates: count.default(0),
    first_time: z.string().nullable(),
    last_time: z.string().nullable(),
  }),
})
export type CourseHead = z.infer<typeof CourseHead>

/** A file with the rows that some days have for their site as a whole; `number` is that of the head that brought it. */
export const SiteRun = z.strictObject({ number: z.number().int().positive(), file: EditionFile })
export type SiteRun = z.infer<typeof SiteRun>

/** Head of a site: written after the heads of all its courses that a merge touched. */
export const SiteHead = z.strictObject({
  version: z.literal(2),
  number: z.number().int().positive(),
  site: Site,
  plan_number: z.number().int().positive(),
  /** Names the declarations by which its courses were built (declarations.ts). */
  declarations: z.string(),
  /** The course filter by which they were. */
  filter: CourseFilter,
  /** Oldest first; every day of `days` has its rows in exactly one of them, and no other day has. */
  runs: z.array(SiteRun),
  /** What the names of the site resolve to, and which courses hold which without an id. */
  names: EditionFile,
  days: MergedDays,
  /** Every course with a head: its number then, so that finding the current one is a short listing. */
  courses: z.record(z.string(), z.number().int().positive()),
})
export type SiteHead = z.infer<typeof SiteHead>

/** What the catalogue says of one site was made from this (catalog_source.ts). */
export const CatalogSource = z.strictObject({
  /** Number of the site's head; 0 before the first. */
  head: count,
  /** Number of its plan record. */
  plan: z.number().int().positive(),
  /** Digest of the names of its quarantine records. */
  quarantines: z.string(),
})
export type CatalogSource = z.infer<typeof CatalogSource>

/** Head of the organisation's catalogue. */
export const CatalogHead = z.strictObject({
  version: z.literal(1),
  number: z.number().int().positive(),
  edition: z.string(),
  database: EditionFile,
  /** Names what decides it beside its sites. */
  basis: z.string(),
  sites: z.record(z.string(), CatalogSource),
})
export type CatalogHead = z.infer<typeof CatalogHead>
