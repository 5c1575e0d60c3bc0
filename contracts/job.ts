// A job is a pointer, never data: "make the partial of this day" or "bring this site's courses up to its plan". Losing
// one costs time, because the next sweep derives it again.
import { z } from 'zod'
import { Site } from './day.ts'
import { Fingerprint, PartialRules } from './fingerprint.ts'
import { LogFile } from './log_file.ts'

export const MapJob = z.strictObject({
  kind: z.literal('map'),
  log_file: LogFile,
  fingerprint: Fingerprint,
  recipe: z.number().int().positive(),
  rules: PartialRules,
})
export type MapJob = z.infer<typeof MapJob>

export const MergeJob = z.strictObject({
  kind: z.literal('merge'),
  site: Site,
  /** Number of the plan record that the reducer should reach; a newer one may be used. */
  plan_number: z.number().int().positive(),
  /** Names the tables that its databases are to have (`TableSet.declarations`): a reducer that has others leaves it alone. */
  declarations: z.string(),
})
export type MergeJob = z.infer<typeof MergeJob>
