// Before a merge creates the first head of a course it writes down which courses it is about to change. A merge that dies
// half way leaves some courses ahead of their site; without this record the next one would have to look at all courses of
// all years to find them.
import { z } from 'zod'
import { Site } from './day.ts'

export const MergeIntent = z.strictObject({
  version: z.literal(1),
  site: Site,
  /** Number of the site's head that the merge wants to create. */
  number: z.number().int().positive(),
  /** Courses that it may change. */
  courses: z.array(z.string()),
})
export type MergeIntent = z.infer<typeof MergeIntent>
