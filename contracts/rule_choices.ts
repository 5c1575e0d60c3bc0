// Where two peers contradict each other, or one of them itself, tables follow the rule that is documented as the better one
// (docs/rules.md, Choices). Whoever has to reproduce a peer's figures chooses that peer's rule here, by name.
import { z } from 'zod'

export const RuleChoices = z.strictObject({
  survey_titles: z
    .enum(['exact', 'loose'])
    .default('exact')
    .describe('Which display names make a problem a survey: the rule of SAMCED’s first script, or of its newer ones'),
  session_end: z
    .enum(['gap', 'gap_or_page_close'])
    .default('gap')
    .describe('What ends a session: a long gap, or also, as ELAT has it, a page_close'),
})
/** Names are those of the variables that SQL of derived tables reads. */
export type RuleChoices = z.infer<typeof RuleChoices>

/** The rules by default. */
export const OUR_CHOICES: RuleChoices = RuleChoices.parse({})
