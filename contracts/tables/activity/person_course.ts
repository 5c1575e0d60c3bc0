// Without it the table that most studies are written against, one row a learner, would be joined together anew by each.
import type { DerivedTable } from '../../table.ts'
import person_course_day from './person_course_day.ts'

const DAY = person_course_day.columns

/** What adds up over days. */
const COUNTS = [
  'events',
  'video_events',
  'plays',
  'pauses',
  'seeks',
  'problem_checks',
  'problem_clicks',
  'show_answers',
  'hints',
  'forum_events',
  'forum_posts',
  'page_views',
  'xblock_calls',
  'textbook_events',
  'sequence_moves',
  'mobile_events',
  'gaps',
] as const

export default {
  name: 'person_course',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner who did something in the course, or has an enrolment, a grade or a certificate there',
  doc: 'Each learner in sum, by the logs alone. Activity belongs to the actor of the events, so staff are here too; enrolment, grade and certificate to the one concerned. Who was only enrolled, graded or certified, without an event of their own, has a row of zeros with NULL times: `days_active` tells them apart. What the logs do not hold (profiles, grades of record, events before they begin) is missing here as well. Countries are known where the config names a GeoIP file.',
  from: [
    'person_course_day',
    'video_event',
    'problem_learner',
    'video_learner',
    'enrollment',
    'grade',
    'certificate',
    'learner_country',
  ],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    events: DAY.events,
    video_events: DAY.video_events,
    plays: DAY.plays,
    pauses: DAY.pauses,
    seeks: DAY.seeks,
    problem_checks: DAY.problem_checks,
    problem_clicks: DAY.problem_clicks,
    show_answers: DAY.show_answers,
    hints: DAY.hints,
    forum_events: DAY.forum_events,
    forum_posts: DAY.forum_posts,
    page_views: DAY.page_views,
    xblock_calls: DAY.xblock_calls,
    textbook_events: DAY.textbook_events,
    sequence_moves: DAY.sequence_moves,
    mobile_events: DAY.mobile_events,
    videos_played: { type: 'BIGINT', doc: 'Different videos with a `play_video`, over all days' },
    problems_attempted: { type: 'BIGINT', doc: 'Different problems with a graded submission, over all days' },
    gaps: { type: 'BIGINT', doc: 'Gaps of at most 300 s between events of the learner, handler calls left out' },
    gap_sum_s: { type: 'DOUBLE', doc: 'Sum of these gaps, seconds; 0 without one' },
    gap_max_s: { type: 'DOUBLE', doc: 'Longest of these gaps, seconds; NULL without one' },
    days_active: { type: 'BIGINT', doc: 'UTC days with an event of the learner; 0 for who never did anything' },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the learner’s first event in the course, UTC; NULL without one' },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the learner’s last event in the course, UTC; NULL without one' },
    gap_mean_s: { type: 'DOUBLE', doc: 'Mean of the gaps, seconds; NULL without one' },
    gap_sd_s: { type: 'DOUBLE', doc: 'Standard deviation of the gaps (n − 1), seconds; NULL with fewer than two' },
    enrollment_mode: {
      type: 'VARCHAR',
      doc: 'Mode of `enrollment`, kept after un-enrolling; NULL when the logs hold no activation',
    },
    enrollment_state: {
      type: 'VARCHAR',
      doc: '`enrolled` or `unenrolled` after the last change; NULL when the logs hold no activation',
    },
    grade: {
      type: 'DOUBLE',
      doc: 'Share of the points in the latest course grade that is logged, 0 to 1 (`grade.percent`); NULL without one',
    },
    passed_time: {
      type: 'TIMESTAMP',
      doc: 'Time the learner first passed, UTC (`grade.passed_first`); NULL when never logged',
    },
    certificate_time: {
      type: 'TIMESTAMP',
      doc: 'Time of the latest certificate created, UTC (`certificate.created`), also if revoked later; NULL without one',
    },
    country: {
      type: 'VARCHAR',
      doc: 'ISO code of the country that most events of the learner came from, the latest of several; NULL without a GeoIP file in the config, or when it knows none of the addresses',
    },
    watched_s: {
      type: 'DOUBLE',
      doc: 'Seconds of videos viewed, each second of a video once (`video_learner.watched_s`)',
    },
    videos_watched: {
      type: 'BIGINT',
      doc: 'Videos of which the learner viewed at least 0.95 of the longest duration that the logs tell',
    },
    problems_correct: { type: 'BIGINT', doc: 'Different problems with a correct submission, at whatever try' },
  },
  sql: `
    with summed as (
      select
        course_id,
        user_id,
        ${COUNTS.map((count) => `sum(${count}) as ${count}`).join(',\n        ')},
        sum(gap_sum_us) as gap_sum_us,
        sum(gap_square_sum_us2) as gap_square_sum_us2,
        max(gap_max_s) as gap_max_s,
        count(*) as days_active,
        min(first_time) as first_time,
        max(last_time) as last_time
      from person_course_day
      group by course_id, user_id
    ),
    played as (
      select
        course_id,
        user_id,
        count(distinct video_id) as videos_played
      from video_event
      where kind = 'play_video'
      group by course_id, user_id
    ),
    tried as (
      select
        course_id,
        user_id,
        count(*) filter (submissions > 0) as problems_attempted,
        count(*) filter (solved) as problems_correct
      from problem_learner
      group by course_id, user_id
    ),
    watched as (
      select
        course_id,
        user_id,
        sum(watched_ms)::bigint as watched_ms,
        count(*) filter (is_watched) as videos_watched
      from video_learner
      group by course_id, user_id
    ),
    placed as (
      select
        course_id,
        user_id,
        max({'n': n, 'last_time': last_time, 'country': country}).country as country
      from learner_country
      group by course_id, user_id
    ),
    people as (
      select course_id, user_id from summed
      union
      select course_id, user_id from enrollment
      union
      select course_id, user_id from grade
      union
      select course_id, user_id from certificate
    )
    select
      course_id,
      user_id,
      ${COUNTS.map((count) => `coalesce(${count}, 0) as ${count}`).join(',\n      ')},
      coalesce(videos_played, 0) as videos_played,
      coalesce(problems_attempted, 0) as problems_attempted,
      coalesce(gap_sum_us, 0) / 1e6 as gap_sum_s,
      gap_max_s,
      coalesce(days_active, 0) as days_active,
      summed.first_time,
      summed.last_time,
      if(gaps > 0, gap_sum_us / (gaps * 1e6), null) as gap_mean_s,
      -- exact to the last step: whole numbers of n, sum and sum of squares
      if(
        gaps > 1,
        sqrt((gaps * gap_square_sum_us2 - gap_sum_us * gap_sum_us) / (gaps * (gaps - 1))::double) / 1e6,
        null
      ) as gap_sd_s,
      enrollment.mode as enrollment_mode,
      case enrollment.is_active when true then 'enrolled' when false then 'unenrolled' end as enrollment_state,
      grade.percent as grade,
      grade.passed_first as passed_time,
      certificate.created as certificate_time,
      country,
      coalesce(watched_ms, 0) / 1e3 as watched_s,
      coalesce(videos_watched, 0) as videos_watched,
      coalesce(problems_correct, 0) as problems_correct
    from people
    left join summed using (course_id, user_id)
    left join played using (course_id, user_id)
    left join tried using (course_id, user_id)
    left join watched using (course_id, user_id)
    left join enrollment using (course_id, user_id)
    left join grade using (course_id, user_id)
    left join certificate using (course_id, user_id)
    left join placed using (course_id, user_id)
  `,
} as const satisfies DerivedTable
