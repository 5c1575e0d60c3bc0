// The tables of a partial as a person who knows DuckDB well would compute them by hand: one pass of `read_ndjson` into
// columns, event types worked out once for each distinct text, payloads kept only where a table reads them.
//
// Plain SQL does less here than docs/rules.md asks for, always in the pipeline's favour: repeated lines are counted again;
// cut lines and lines with text around the object are lost; times in rare forms are lost; there is no hash for events of
// equal time, so ties are arbitrary; bytes per type are not summed; course ids are taken from `context`, from the URL
// of a request and from the page, but not from payloads and logins; nobody is told how many lines were not understood.

/** Columns as `read_ndjson` reads them fastest: as VARCHAR a payload is unwrapped when it is a text that holds JSON. */
export const READ = `
  create table raw as
  select
    coalesce(event_type, name) as logged,
    event_source,
    time,
    nullif(nullif(trim(coalesce(nullif(username, ''), context.username)), ''), 'anonymous') as username,
    try_cast(context.user_id as bigint) as actor_id,
    nullif(trim(context.course_id), '') as course_id,
    context.module.display_name as display_name,
    page,
    event
  from read_ndjson(
    '/dev/stdin',
    columns = {
      event_type: 'VARCHAR',
      name: 'VARCHAR',
      event_source: 'VARCHAR',
      time: 'TIMESTAMP',
      username: 'VARCHAR',
      page: 'VARCHAR',
      context: 'STRUCT(user_id VARCHAR, course_id VARCHAR, username VARCHAR, module STRUCT(display_name VARCHAR))',
      event: 'VARCHAR'
    },
    ignore_errors = true
  )
  where time is not null
    and event_source is not null
    and coalesce(event_type, name) is not null
`

/** A course id behind `/courses/`. */
const COURSE = `'/courses/(course-v1:[^/?#\\s+]+\\+[^/?#\\s+]+\\+[^/?#\\s+]+|[^/?#\\s+]+/[^/?#\\s+]+/[^/?#\\s+]+)'`

/** What each distinct type means: canonical name, family, and the course that a URL names. */
export const TYPES = `
  create table type as
  with named as (
    select
      logged,
      case
        when not starts_with(logged, '/') then coalesce(
          map {
            'edx.video.loaded': 'load_video', 'edx.video.played': 'play_video', 'edx.video.paused': 'pause_video',
            'edx.video.stopped': 'stop_video', 'edx.video.position.changed': 'seek_video',
            'edx.video.seeked': 'seek_video', 'edx.video.speed.changed': 'speed_change_video',
            'edx.video.completed': 'complete_video', 'edx.video.transcript.shown': 'show_transcript',
            'edx.video.transcript.hidden': 'hide_transcript',
            'edx.video.language_menu.shown': 'video_show_cc_menu',
            'edx.video.language_menu.hidden': 'video_hide_cc_menu', 'show_answer': 'showanswer',
            'save_problem_check': 'problem_check', 'edx.ui.lms.sequence.next_selected': 'seq_next',
            'edx.ui.lms.sequence.previous_selected': 'seq_prev', 'edx.ui.lms.sequence.tab_selected': 'seq_goto'
          }[logged],
          logged
        )
        when contains(logged, '/xblock/') or contains(logged, '/modx/') then 'xblock:' || coalesce(
          nullif(regexp_extract(logged, '/handler(?:_noauth)?/(?:xmodule_handler/)?([A-Za-z0-9_-]+)', 1), ''),
          nullif(regexp_extract(logged, '/modx/.*/([A-Za-z0-9_-]+)/?(?:\\?.*)?$', 1), ''),
          case when regexp_matches(logged, '/xblock/[^/]+/*(?:view.*)?$') then 'student_view' else 'other' end
        )
        when starts_with(logged, '/courses/') then coalesce(
          'page:' || map {
            '': 'root', 'info': 'info', 'about': 'about', 'courseware': 'courseware', 'progress': 'progress',
            'wiki': 'wiki', 'course_wiki': 'wiki', 'discussion': 'forum', 'teams': 'teams', 'pdfbook': 'pdfbook',
            'static_tab': 'tab', 'bookmarks': 'bookmarks', 'edxnotes': 'notes', 'jump_to': 'jump_to',
            'jump_to_id': 'jump_to'
          }[regexp_extract(logged, '^/courses/(?:course-v1:[^/]+|[^/]+/[^/]+/[^/]+)/*([^/?]*)', 1)],
          'api:other'
        )
        else 'api:other'
      end as event_type,
      case when starts_with(logged, '/') then nullif(regexp_extract(logged, ${COURSE}, 1), '') end as course_id
    from (select distinct logged from raw)
  )
  select
    *,
    case
      when event_type in (
        'load_video', 'play_video', 'pause_video', 'stop_video', 'seek_video', 'speed_change_video',
        'complete_video', 'show_transcript', 'hide_transcript', 'video_show_cc_menu', 'video_hide_cc_menu'
      ) then 'video'
      when starts_with(event_type, 'edx.video.bumper.') then null
      when starts_with(event_type, 'edx.video.') then 'video'
      when event_type in (
        'problem_check', 'problem_check_fail', 'problem_graded', 'problem_rescore', 'problem_rescore_fail',
        'problem_reset', 'problem_save', 'problem_show', 'reset_problem', 'reset_problem_fail',
        'save_problem_fail', 'save_problem_success', 'showanswer', 'edx.problem.completed'
      ) or starts_with(event_type, 'edx.problem.hint.') then 'problem'
      when event_type = 'page:forum' or starts_with(event_type, 'edx.forum.') then 'forum'
      when event_type in ('book', 'page:wiki', 'page:pdfbook') or starts_with(event_type, 'textbook.') then 'text'
      when starts_with(event_type, 'seq_') or starts_with(event_type, 'edx.ui.lms.sequence.') then 'sequence'
      when starts_with(event_type, 'edx.course.enrollment.') then 'enrollment'
      when starts_with(event_type, 'edx.certificate.') then 'certificate'
      when starts_with(event_type, 'edx.grades.') or starts_with(event_type, 'edx.course.grade.') then 'grade'
      when starts_with(event_type, 'edx.completion.') then 'completion'
      when starts_with(event_type, 'edx.cohort.') then 'cohort'
      when starts_with(event_type, 'edx.team.') then 'team'
      when starts_with(event_type, 'edx.special_exam.') then 'exam'
    end as family
  from named
`

/** The events, with a payload only where a table reads one and only when it is JSON. */
export const EVENT = `
  create table event as
  select
    coalesce(
      raw.course_id,
      case
        when event_source = 'server' then type.course_id
        when event_source = 'browser' then nullif(regexp_extract(page, ${COURSE}, 1), '')
      end
    ) as course_id,
    time,
    event_source,
    event_type,
    family,
    actor_id,
    case when actor_id is null then username end as actor_name,
    username,
    display_name,
    case when family in ('video', 'problem', 'enrollment') and json_valid(event) then event end as payload
  from raw
  join type using (logged)
`

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
