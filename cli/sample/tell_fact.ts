// Tells an event of a rarer family: its payload as the platform writes it, beside the facts that the payload states.
import type { Block } from './course_tools.ts'
import type { Fact } from './fact.ts'
import type { Source } from './intent.ts'
import { tell, type Visit } from './visit.ts'

interface Told {
  /** JSON object. */
  readonly payload: string
  readonly fact?: Fact
  /** Account id of the learner concerned, where the payload names one. */
  readonly subject_id?: number
  /** Background work may be nobody's. */
  readonly background?: boolean
  /** The name in the log where it is not the canonical one. */
  readonly logged_as?: string
  readonly block?: Block
}

export function tellFact(visit: Visit, source: Source, type: string, told: Told): void {
  const { payload, fact = null, subject_id = null, background = false, logged_as = null, block } = told
  tell(visit, source, type, {
    kind: 'fact',
    payload,
    fact,
    subject_id,
    background,
    logged_as,
    module: block?.usage_key ?? null,
  })
}
