// The ChalmersX toolkit counts events by learner in wide tables with a column for each type. Four of them are the same question
// about other types, so a way to ask it stands here once: no count can be NULL in one of them and 0 in the next.
import type { Column, View } from './table.ts'
import { literal, quoted } from './table_sql.ts'

export interface SamcedCount {
  /** Name that the toolkit gives the column. */
  readonly column: string
  /** Canonical type of the events that it counts; the column's name unless it differs. */
  readonly event_type?: string
  /** Counts events of this source only. */
  readonly event_source?: string
}

interface Given extends Pick<View, 'name' | 'doc'> {
  readonly counts: readonly SamcedCount[]
}

/** Makes a view of schema `samced` with a row for each learner and a column for each count. */
export function countsView({ name, doc, counts }: Given): View {
  const conditions = counts.map(conditionOf)
  return {
    name,
    kind: 'view',
    schema: 'samced',
    published: true,
    grain: 'one learner with at least one of these events',
    doc,
    from: ['learner_event_day'],
    columns: {
      course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
      user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
      ...Object.fromEntries(
        counts.map((count): [string, Column] => [count.column, { type: 'BIGINT', doc: docOf(count) }]),
      ),
    },
    sql: `
      select
        course_id,
        user_id,
        ${counts
          .map(({ column }, index) => `(sum(n) filter (${conditions[index]}))::bigint as ${quoted(column)}`)
          .join(',\n        ')}
      from learner_event_day
      where ${conditions.join('\n        or ')}
      group by course_id, user_id
    `,
  }
}

function conditionOf({ column, event_type = column, event_source }: SamcedCount): string {
  const is_type = `event_type = ${literal(event_type)}`
  return event_source === undefined ? is_type : `(${is_type} and event_source = ${literal(event_source)})`
}

const docOf = ({ column, event_type = column, event_source }: SamcedCount): string =>
  `Events \`${event_type}\`${event_source === undefined ? '' : ` from the ${event_source}`}; NULL without one, as in the toolkit`
