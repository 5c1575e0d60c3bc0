// A day is the unit of work: one (organisation, site, date), one square of the coverage calendar. Without one spelling
// of sites and dates two parts of the system would disagree about which log file belongs where.
import { z } from 'zod'

/** Parses a calendar date `YYYY-MM-DD` (UTC) that exists. */
export const CalendarDate = z.iso.date().brand<'CalendarDate'>()
export type CalendarDate = z.infer<typeof CalendarDate>

/** Parses a site: `edx`, `edge`, `patches` or another lower-case token. `prod` is spelt `edx` before it gets here. */
export const Site = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/)
  .refine((site) => site !== 'prod', 'the site of the token "prod" is "edx"')
  .brand<'Site'>()
export type Site = z.infer<typeof Site>

/** Parses an organisation token as it stands in file names, in lower case. */
export const Organisation = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/)
  .brand<'Organisation'>()
export type Organisation = z.infer<typeof Organisation>

/** Reads the site from a token of a file or folder name; null when it cannot be one. `prod` and `edx` are one site. */
export function siteOfToken(token: string): Site | null {
  const lower = token.toLowerCase()
  const parsed = Site.safeParse(lower === 'prod' ? 'edx' : lower)
  return parsed.success ? parsed.data : null
}

export const Day = z.strictObject({ organisation: Organisation, site: Site, date: CalendarDate })
export type Day = z.infer<typeof Day>
