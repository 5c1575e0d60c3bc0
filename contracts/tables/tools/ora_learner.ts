// Without it nobody could tell who submitted to an open response assessment, who assessed others, and who was assessed.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'ora_learner',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and open response assessment',
  doc: 'What learners did in an open response assessment (`openassessmentblock.*`), and what they got. An assessment names a submission; it is received by whoever created that submission, and by nobody when its creation is not in the logs. Peer assessments given are counted all the same. Staff who assess have rows only for what they did themselves as learners. What was written and uploaded is not kept.',
  from: ['ora_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    block_id: {
      type: 'VARCHAR',
      doc: 'Last component of the assessment’s usage key: of the block that the event came from, else of the one that the submission belongs to. Events without either are left out',
    },
    submissions: { type: 'BIGINT', doc: 'Responses submitted (`create_submission`)' },
    peer_given: { type: 'BIGINT', doc: 'Assessments that the learner made of others (`peer_assess`)' },
    peer_received: { type: 'BIGINT', doc: 'Assessments by others of what the learner submitted (`peer_assess`)' },
    self: { type: 'BIGINT', doc: 'Assessments that the learner made of the own response (`self_assess`)' },
    staff: { type: 'BIGINT', doc: 'Assessments by staff of what the learner submitted (`staff_assess`)' },
    feedback: {
      type: 'BIGINT',
      doc: 'Times that the learner commented on the assessments received (`submit_feedback_on_assessments`)',
    },
    points: {
      type: 'VARCHAR',
      doc: 'JSON object: name of the criterion -> points that the latest assessment (peer, self or staff) of the learner’s responses gave in it, in the order of the names; NULL when none is logged. It is no score: edX takes a median of peers, and staff’s points before them',
    },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first event that the row counts, UTC' },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the last event that the row counts, UTC' },
  },
  sql: `
    with submission as (
      select
        course_id,
        submission_id,
        arg_min({'user_id': user_id, 'block_id': block_id}, {'time': time, 'hash': hash}) as own
      from ora_event
      where action = 'submission'
        and submission_id is not null
      group by course_id, submission_id
    ),
    told as (
      select
        ora_event.*,
        submission.own.user_id as receiver_id,
        coalesce(ora_event.block_id, submission.own.block_id) as told_block_id
      from ora_event
      left join submission using (course_id, submission_id)
    ),
    counted as (
      select
        course_id,
        user_id,
        told_block_id as block_id,
        if(action = 'peer', 'peer_given', action) as action,
        time
      from told
      where action <> 'staff'
      union all
      select
        course_id,
        receiver_id as user_id,
        told_block_id as block_id,
        if(action = 'peer', 'peer_received', action) as action,
        time
      from told
      where action in ('peer', 'staff')
        and receiver_id is not null
    ),
    scored as (
      select
        course_id,
        receiver_id as user_id,
        told_block_id as block_id,
        time,
        hash,
        generate_subscripts(criteria_list, 1) as part_no,
        unnest(criteria_list) as criterion,
        unnest(points_list) as points
      from (
        select
          *,
          from_json(criteria, '["VARCHAR"]') as criteria_list,
          from_json(points, '["VARCHAR"]') as points_list
        from told
        where criteria is not null
          and receiver_id is not null
      )
    ),
    latest as (
      select
        course_id,
        user_id,
        block_id,
        criterion,
        arg_max(points::bigint, {'time': time, 'hash': hash, 'part_no': part_no}) as points
      from scored
      where criterion is not null
        and regexp_full_match(points, '\\d{1,18}')
      group by course_id, user_id, block_id, criterion
    ),
    marked as (
      select
        course_id,
        user_id,
        block_id,
        to_json(map_from_entries(list({'criterion': criterion, 'points': points} order by criterion)))::varchar as points
      from latest
      group by course_id, user_id, block_id
    ),
    summed as (
      select
        course_id,
        user_id,
        block_id,
        count(*) filter (action = 'submission') as submissions,
        count(*) filter (action = 'peer_given') as peer_given,
        count(*) filter (action = 'peer_received') as peer_received,
        count(*) filter (action = 'self') as self,
        count(*) filter (action = 'staff') as staff,
        count(*) filter (action = 'feedback') as feedback,
        min(time) as first_time,
        max(time) as last_time
      from counted
      where block_id is not null
      group by course_id, user_id, block_id
    )
    select
      summed.*,
      marked.points
    from summed
    left join marked using (course_id, user_id, block_id)
  `,
} as const satisfies DerivedTable
