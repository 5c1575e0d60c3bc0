// A fingerprint addresses a partial by everything that decides it. Two runs that would make the same partial find each
// other's; whatever would make another partial gets another address, so nothing ever has to be invalidated.
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { LogFile } from './log_file.ts'

/** Parses a fingerprint: 32 lower-case hexadecimal digits. */
export const Fingerprint = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand<'Fingerprint'>()
export type Fingerprint = z.infer<typeof Fingerprint>

/** What changes what a partial holds beside the recipe: a slice of the config, and the organisation's own tables. */
export const PartialRules = z.strictObject({
  duplicates: z.enum(['drop', 'keep']),
  /** Lower-case organisations whose courses are our own; events of other courses count in `foreign_org`. */
  organisations: z.array(z.string()),
  /** Patterns of the courses whose events are kept as such. */
  keep_events: z.array(z.string()),
  /** Names the own tables whose rows partials have (`TableSet.partials`); empty without any. */
  tables: z.string(),
  /** Names the edition of the GeoIP file that countries come from; empty without one. */
  geoip: z.string(),
})
export type PartialRules = z.infer<typeof PartialRules>

/** Makes the address of the partial of `log_file` under a recipe, rules and reprocess epoch (0 without one). */
export function fingerprintOf(given: {
  readonly log_file: LogFile
  readonly recipe: number
  readonly rules: PartialRules
  readonly epoch: number
}): Fingerprint {
  const { log_file, recipe, rules, epoch } = given
  const decisive = JSON.stringify([
    [log_file.day.organisation, log_file.day.site, log_file.day.date],
    [log_file.key, log_file.etag, log_file.size, log_file.wrapping],
    recipe,
    [
      rules.duplicates,
      [...rules.organisations].sort(),
      [...rules.keep_events].sort(),
      // Nothing where there are none: an address without them is what it was before there could be any.
      ...(rules.tables === '' ? [] : [rules.tables]),
      ...(rules.geoip === '' ? [] : [{ geoip: rules.geoip }]),
    ],
    epoch,
  ])
  return Fingerprint.parse(hash('sha256', decisive).slice(0, 32))
}
