// The tables of a partial as a person would write them in SQL over the events of duckdb_events.ts: the same rows and columns
// that ours have, as far as those events know them.

const WHO = 'course_id, actor_id as user_id, actor_name as user_name'
const IS_LEARNERS = 'course_id is not null and (actor_id is not null or actor_name is not null)'
/** Last component of a usage key of either form. */
const lastOf = (key: string): string => `regexp_extract(${key}, '([^/@]+)/*$', 1)`

/** A select for every table that workers compute, by name. */
export const TABLES: Readonly<Record<string, string>> = {
  event_type_day: `
    select course_id, time::date as day, event_source, event_type, count(*) as n
    from event
    group by all
  `,
  learner: `
    select
      ${WHO},
      max({'time': time, 'value': username}) filter (username is not null) as username,
      min(time) as first_seen,
      max(time) as last_seen,
      count(*) as events
    from event
    where ${IS_LEARNERS}
    group by all
  `,
  learner_event_day: `
    select
      ${WHO},
      time::date as day,
      event_source,
      event_type,
      family,
      count(*) as n,
      min(time) as first_time,
      max(time) as last_time
    from event
    where ${IS_LEARNERS}
    group by all
  `,
  learner_moment: `
    select
      ${WHO},
      time,
      case
        when starts_with(event_type, 'xblock:') then 'xblock'
        when event_type = 'page_close' then 'page_close'
        when family in ('video', 'problem', 'forum', 'text') then family
        else 'other'
      end as class,
      count(*) as n
    from event
    where ${IS_LEARNERS}
    group by all
  `,
  site_name: `
    select username as user_name, min(actor_id) as user_id
    from event
    where actor_id is not null
      and username is not null
    group by all
  `,
  unresolved_name: `
    select course_id, actor_name as user_name, count(*) as n
    from event
    where course_id is not null
      and actor_name is not null
    group by all
  `,
  enrollment_event: `
    select
      course_id,
      coalesce(try_cast((payload->>'user_id') as bigint), actor_id) as user_id,
      case when (payload->>'user_id') is null then actor_name end as user_name,
      time,
      replace(event_type, 'edx.course.enrollment.', '') as action,
      actor_id as actor_user_id,
      (payload->>'mode') as logged_mode
    from event
    where event_type in (
        'edx.course.enrollment.activated',
        'edx.course.enrollment.deactivated',
        'edx.course.enrollment.mode_changed'
      )
      and course_id is not null
  `,
  problem_action: `
    select
      ${WHO},
      ${lastOf(`coalesce(payload->>'problem_id', payload->>'module_id', payload->>'problem')`)} as problem_id,
      time,
      case
        when event_type = 'showanswer' then 'show_answer'
        when event_type = 'edx.problem.hint.demandhint_displayed' then 'hint'
        when event_type = 'reset_problem' then 'reset'
        else 'save'
      end as action
    from event
    where family = 'problem'
      and (
        event_type in ('showanswer', 'edx.problem.hint.demandhint_displayed')
        or event_type in ('reset_problem', 'save_problem_success') and event_source = 'server'
      )
      and ${IS_LEARNERS}
      and payload is not null
  `,
  problem_submission: `
    select
      ${WHO},
      ${lastOf(`(payload->>'problem_id')`)} as problem_id,
      (payload->>'problem_id') as problem,
      time,
      try_cast((payload->>'attempts') as bigint) as attempt,
      try_cast((payload->>'grade') as double) as grade,
      try_cast((payload->>'max_grade') as double) as max_grade,
      (payload->>'success') = 'correct' as success,
      len(json_keys(payload, '$.correct_map')) as parts,
      len(list_filter(
        json_extract_string(payload, '$.correct_map.*.correctness'),
        lambda correctness: correctness = 'correct'
      )) as parts_correct,
      display_name
    from event
    where event_type = 'problem_check'
      and event_source = 'server'
      and ${IS_LEARNERS}
      and (payload->>'problem_id') is not null
  `,
  video_event: `
    select
      ${WHO},
      ${lastOf('read[1]')} as video_id,
      read[1] as video,
      time,
      event_type as kind,
      try_cast(coalesce(read[2], read[3]) as double) as position_s,
      read[2] is null and read[3] is null as position_missing,
      try_cast(read[4] as double) as old_position_s,
      try_cast(read[5] as double) as new_position_s,
      try_cast(case when event_type = 'speed_change_video' then read[7] else read[6] end as double) as speed,
      try_cast(read[8] as double) as duration_s,
      event_source
    from (
      select
        *,
        json_extract_string(
          payload,
          ['id', 'currentTime', 'current_time', 'old_time', 'new_time', 'speed', 'new_speed', 'duration']
        ) as read
      from event
      where family = 'video'
        and ${IS_LEARNERS}
    )
    where read[1] is not null
  `,
}
