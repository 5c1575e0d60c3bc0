// The tables of rarer events, as a person would write them in SQL over the events of duckdb_events.ts. As there, plain SQL does
// less than the rules ask for: no order of equal times, no care for odd payloads, and a sum where one event would do.
const WHO = 'course_id, actor_id as user_id, actor_name as user_name'
const CONCERNED = 'course_id, coalesce(subject_id, actor_id) as user_id, actor_name as user_name'
const IS_LEARNERS = 'course_id is not null and (actor_id is not null or actor_name is not null)'
const lastOf = (key: string): string => `regexp_extract(${key}, '([^/@]+)/*$', 1)`

/** Takes texts out of the payload, all at once, as `read`. */
const reading = (where: string, ...paths: readonly string[]): string => `(
  select *, json_extract_string(payload, [${paths.map((path) => `'${path}'`).join(', ')}]) as read
  from event
  where ${where}
)`

const countByDay = (where: string): string => `
  select ${WHO}, time::date as day, event_type, count(*) as n
  from event
  where ${where} and ${IS_LEARNERS}
  group by all
`

/** The latest of a value by time. */
const latest = (value: string, name: string): string => `max({'time': time, 'value': ${value}}) as ${name}`

/** A select for every table of rarer events, by name. */
export const RARE_TABLES: Readonly<Record<string, string>> = {
  bookmark_note_day: countByDay(`event_type like 'edx.bookmark.%' or event_type like 'edx.course.student_notes.%'`),
  search_day: countByDay(`event_type like 'edx.course.search.%' or event_type like 'edx.course_discovery.search.%'`),
  page_view_day: `
    select ${WHO}, time::date as day, substr(event_type, 6) as page_kind, page_key, count(*) as n,
      min(time) as first_time, max(time) as last_time
    from event
    where starts_with(event_type, 'page:') and event_source = 'server' and ${IS_LEARNERS}
    group by all
  `,
  last_page: `
    select ${WHO}, max(time) as last_page_time, ${latest('page_key', 'last_page_key')}
    from event
    where starts_with(event_type, 'page:') and event_source = 'server' and ${IS_LEARNERS}
    group by all
  `,
  navigation_day: `
    select ${WHO}, time::date as day, ${lastOf('read[1]')} as block_id, event_type as kind, count(*) as n,
      count(*) filter (steps > 0) as forward, count(*) filter (steps < 0) as backward,
      count(*) filter (abs(steps) > 1) as jump
    from (
      select *, coalesce(
        try_cast(coalesce(read[3], read[5]) as bigint) - try_cast(coalesce(read[2], read[4]) as bigint),
        case event_type when 'seq_next' then 1 when 'seq_prev' then -1 end
      ) as steps
      from ${reading(
        `(family = 'sequence' or event_type in ('edx.ui.lms.outline.selected', 'edx.ui.lms.link_clicked')) and ${IS_LEARNERS}`,
        'id',
        'old',
        'new',
        'current_tab',
        'target_tab',
      )}
    )
    group by all
  `,
  link_click_day: `
    select course_id, time::date as day, target_host,
      count(*) filter (target_host is null or target_host = page_host) as internal,
      count(*) filter (target_host is distinct from page_host and target_host is not null) as external
    from (
      select *, nullif(regexp_extract(lower(read[1]), '^(?:[a-z]+:)?//([^/?#:]+)', 1), '') as target_host,
        nullif(regexp_extract(lower(read[2]), '^(?:[a-z]+:)?//([^/?#:]+)', 1), '') as page_host
      from ${reading(`event_type = 'edx.ui.lms.link_clicked' and course_id is not null`, 'target_url', 'current_url')}
    )
    group by all
  `,
  textbook_day: `
    select ${WHO}, time::date as day, coalesce(read[1], '') as chapter, event_type, count(*) as n,
      max(try_cast(if(event_type = 'book', read[3], read[2]) as bigint)) as max_page
    from ${reading(`(event_type = 'book' or starts_with(event_type, 'textbook.')) and ${IS_LEARNERS}`, 'chapter', 'page', 'new')}
    group by all
  `,
  forum_request: `select ${WHO}, time, forum_path as action from event where event_type = 'page:forum' and course_id is not null`,
  forum_event: `
    select ${WHO}, time, split_part(event_type, '.', -1) as verb, split_part(event_type, '.', -2) as kind,
      read[1] as post_id, read[2] as thread_id, read[3] as parent_id, read[4] as vote, read[5] = 'true' as is_undone,
      length(read[6]) as body_length
    from ${reading(
      `starts_with(event_type, 'edx.forum.') and course_id is not null`,
      'id',
      '$.discussion.id',
      '$.response.id',
      'vote_value',
      'undo_vote',
      'body',
    )}
  `,
  problem_part: `
    select ${WHO}, problem_id, time, part.key as part_id, part.value ->> 'answer' as answer,
      part.value ->> 'correct' = 'true' as correct, part.value ->> 'variant' as variant,
      part.value ->> 'response_type' as response_type, part.value ->> 'question' as question
    from (
      select *, ${lastOf(`(payload->>'problem_id')`)} as problem_id,
        unnest(map_entries(from_json(payload -> 'submission', '"MAP(VARCHAR, JSON)"'))) as part
      from event
      where event_type = 'problem_check' and event_source = 'server' and ${IS_LEARNERS}
    )
  `,
  survey_part: `
    select ${WHO}, display_name as survey, time, answer.key as part_id, answer.value ->> '$' as answer
    from (
      select *, unnest(map_entries(from_json(payload -> 'answers', '"MAP(VARCHAR, JSON)"'))) as answer
      from event
      where event_type = 'problem_check' and event_source = 'server' and contains(lower(display_name), 'survey')
        and ${IS_LEARNERS}
    )
  `,
  grade: `
    select ${CONCERNED}, ${latest('try_cast(read[1] as double)', 'percent')}, ${latest('read[2]', 'letter')},
      min(time) filter (event_type <> 'edx.grades.course.grade_calculated') as passed_first
    from ${reading(
      `(event_type = 'edx.grades.course.grade_calculated' or starts_with(event_type, 'edx.course.grade.')) and ${IS_LEARNERS}`,
      'percent_grade',
      'letter_grade',
    )}
    group by all
  `,
  subsection_grade: `
    select ${CONCERNED}, ${lastOf('read[1]')} as block_id, ${latest('read', 'told')}
    from ${reading(
      `event_type = 'edx.grades.subsection.grade_calculated' and ${IS_LEARNERS}`,
      'block_id',
      'weighted_graded_earned',
      'weighted_graded_possible',
      'weighted_total_earned',
      'weighted_total_possible',
      'first_attempted',
    )}
    group by all
  `,
  certificate: `
    select ${CONCERNED}, max(time) filter (event_type = 'edx.certificate.created') as created,
      max(time) filter (event_type = 'edx.certificate.revoked') as revoked, ${latest('read', 'told')},
      count(*) filter (event_type = 'edx.certificate.shared') as shares
    from ${reading(`starts_with(event_type, 'edx.certificate.') and ${IS_LEARNERS}`, 'enrollment_mode', 'certificate_id')}
    group by all
  `,
  completion: `
    select ${CONCERNED}, ${lastOf('read[1]')} as block_id, ${latest('try_cast(read[2] as double)', 'completion')},
      min(time) as first_time, max(time) as last_time
    from ${reading(`event_type = 'edx.completion.block_completion.changed' and ${IS_LEARNERS}`, 'block_id', 'completion')}
    group by all
  `,
  exam_attempt: `
    select ${CONCERNED}, read[1] as attempt_id, ${latest('read', 'told')}, min(time) as first_time, count(*) as events
    from ${reading(
      `starts_with(event_type, 'edx.special_exam.') and contains(event_type, '.attempt.') and ${IS_LEARNERS}`,
      'attempt_id',
      'exam_id',
      'exam_name',
      'exam_content_id',
      'attempt_status',
      'attempt_started_at',
      'attempt_completed_at',
    )}
    group by all
  `,
  cohort_event: `
    select ${CONCERNED}, time, event_type, read
    from ${reading(`starts_with(event_type, 'edx.cohort.') and ${IS_LEARNERS}`, 'cohort_id', 'cohort_name')}
  `,
  team_event: `
    select ${CONCERNED}, time, event_type, read
    from ${reading(`starts_with(event_type, 'edx.team.') and ${IS_LEARNERS}`, 'team_id', 'topic_id', 'add_method', 'remove_method')}
  `,
  assigned_group: `
    select ${WHO}, read[1] as partition_id, ${latest('read', 'told')}
    from ${reading(
      `event_type = 'xmodule.partitions.assigned_user_to_partition' and ${IS_LEARNERS}`,
      'partition_id',
      'partition_name',
      'group_id',
      'group_name',
    )}
    group by all
  `,
  tagged_group: `
    select ${WHO}, regexp_extract(tag.key, 'partition_(\\d+)$', 1) as partition_id, ${latest('tag.value', 'group_id')}
    from (select *, unnest(map_entries(user_tags)) as tag from event where user_tags is not null and ${IS_LEARNERS})
    where starts_with(tag.key, 'xblock.partition_service.partition_')
    group by all
  `,
  ora_event: `
    select ${WHO}, time, event_type, read, payload -> 'parts' as parts
    from ${reading(`starts_with(event_type, 'openassessmentblock.') and ${IS_LEARNERS}`, 'submission_uuid')}
  `,
  poll_answer: `
    select ${WHO}, read[1] as block_id, ${latest('read', 'told')}, count(*) as submissions
    from ${reading(`event_type in ('xblock.poll.submitted', 'xblock.survey.submitted') and ${IS_LEARNERS}`, 'url_name', 'choice', 'choices')}
    group by all
  `,
}
