// A plan record is what a sweep found wanted for one site, numbered and create-only (`plans/<site>/<n>.json`). Reducers
// read the newest one: it tells them which fingerprint of a day counts, which days are gone and which courses to build.
import { z } from 'zod'
import { Site } from './day.ts'
import { Fingerprint } from './fingerprint.ts'
import { LogFile } from './log_file.ts'

export const CourseFilter = z.strictObject({ include: z.array(z.string()), exclude: z.array(z.string()) })
export type CourseFilter = z.infer<typeof CourseFilter>

export const PlannedDay = z.strictObject({
  log_file: LogFile,
  fingerprint: Fingerprint,
  epoch: z.number().int().nonnegative(),
})
export type PlannedDay = z.infer<typeof PlannedDay>

export const SitePlan = z.strictObject({
  version: z.literal(1),
  site: Site,
  recipe: z.number().int().positive(),
  /** One entry per date, oldest first. */
  days: z.array(PlannedDay),
  /** Log files of a planned date that another file of the same date replaced. */
  superseded: z.array(LogFile),
  /** Log files of no bytes, where a date has no better one: nothing to compute, but the catalogue names them. */
  empty: z.array(LogFile),
  /** Dates within the configured range that have no log file, between the first and the last that has one. */
  missing: z.array(z.string()),
  /** Dates whose log file is gone from the source while the shrink guard holds them in the plan. */
  held: z.array(z.string()),
  courses: CourseFilter,
})
export type SitePlan = z.infer<typeof SitePlan>
