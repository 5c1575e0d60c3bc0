// Without it nobody could tell who holds a certificate, since when, and whether it is ever shown to anybody.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type in (
    'edx.certificate.created',
    'edx.certificate.revoked',
    'edx.certificate.shared',
    'edx.certificate.evidence_visited'
    )
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    enrollment_mode: ['text', '$.enrollment_mode'],
    certificate_id: ['id', '$.certificate_id'],
  },
)

export default {
  name: 'certificate',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner with a certificate event',
  doc: 'Certificates by `edx.certificate.created`, `.revoked`, `.shared` and `.evidence_visited`. Rows are of the one that the event names as the certificate’s owner, not of the staff member who issued it or of the stranger who looked at it; an event that names nobody counts for whoever caused it. A certificate made anew is created again, so compare `created` with `revoked`.',
  types: [
    'edx.certificate.created',
    'edx.certificate.revoked',
    'edx.certificate.shared',
    'edx.certificate.evidence_visited',
  ],
  payload: true,
  keys: {},
  measures: {
    created: {
      type: 'TIMESTAMP',
      merge: 'max',
      doc: 'Time of the latest `edx.certificate.created`, UTC; NULL when none is logged',
    },
    revoked: {
      type: 'TIMESTAMP',
      merge: 'max',
      doc: 'Time of the latest `edx.certificate.revoked`, UTC; NULL when none is logged',
    },
    mode: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Enrolment mode of the certificate (`enrollment_mode`) in the latest event that creates or revokes it; NULL when there is none or it names no mode',
    },
    certificate_id: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'The certificate’s id in the latest event that creates or revokes it; NULL when there is none or it names no id',
    },
    shares: {
      type: 'BIGINT',
      merge: 'sum',
      doc: 'Times that the certificate was shared on a social network (`edx.certificate.shared`)',
    },
    evidence_visits: {
      type: 'BIGINT',
      merge: 'sum',
      doc: 'Times that somebody followed a shared link to the certificate (`edx.certificate.evidence_visited`)',
    },
  },
  sql: `
    with ${TOLD},
    judged as (
      select
        *,
        event_type in ('edx.certificate.created', 'edx.certificate.revoked') as is_issue
      from told
    )
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      case when event_type = 'edx.certificate.created' then time end as created,
      case when event_type = 'edx.certificate.revoked' then time end as revoked,
      case when is_issue then {'time': time, 'hash': hash, 'value': enrollment_mode} end as mode,
      case when is_issue then {'time': time, 'hash': hash, 'value': certificate_id} end as certificate_id,
      if(event_type = 'edx.certificate.shared', 1, 0) as shares,
      if(event_type = 'edx.certificate.evidence_visited', 1, 0) as evidence_visits
    from judged
  `,
} as const satisfies SummedTable
