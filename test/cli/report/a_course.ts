// A course of ten weeks with every table that a report reads, told by formulas: as large as real courses are, which no test
// could compute from events, and with the small groups that a report must not tell of.
import { openDatabase } from '../../../runtime/duckdb.ts'

export const COURSE_ID = 'course-v1:DemoX+Signals+2016'
export const SITE = 'edx'
/** An id that would be a script if it were not escaped. */
export const HOSTILE_ID = '<script>alert(1)</script>&"'

const TABLES = `
  create table log_file (course_id varchar, site varchar, file_date date, course_events bigint);
  insert into log_file
    select '${COURSE_ID}', '${SITE}', date '2016-01-18' + i::integer, 100
    from range(84) as t(i) where i not in (20, 21, 22, 50);
  create table learner (course_id varchar, user_id bigint);
  insert into learner select '${COURSE_ID}', i from range(1834) as t(i);

  create table enrollment_day (course_id varchar, day date, mode varchar, at_end bigint);
  insert into enrollment_day
    select '${COURSE_ID}', date '2016-01-18' + i::integer, mode,
      case mode
        when 'audit' then (1500 * (1 - exp(-i / 14.0)))::bigint + i - greatest(0, i - 40) * 4
        when 'verified' then least(212, greatest(0, (i - 6) * 6))
        when 'honor' then (40 + 40 * (1 - exp(-i / 10.0)))::bigint
        else least(7, i // 10)
      end
    from range(84) as t(i), (values ('audit'), ('verified'), ('honor'), ('professional')) as modes(mode);

  create table course_day (course_id varchar, day date, learners bigint);
  insert into course_day
    select '${COURSE_ID}', date '2016-01-18' + i::integer,
      (60 + 320 * exp(-i / 30.0) + 90 * (i % 7 = 0)::integer + 40 * sin(i * 1.7) - 55 * (i % 7 in (5, 6))::integer)::bigint
      - case when i > 78 then 45 + i else 0 end
    from range(84) as t(i) where i not in (20, 21, 22, 50);

  create table course_activity (
    course_id varchar, period varchar, period_start date, active bigint, attempted_problem bigint, played_video bigint,
    posted_forum bigint
  );
  insert into course_activity
    select '${COURSE_ID}', 'week', date '2016-01-18' + (7 * w)::integer, active, (active * 0.55)::bigint,
      case when w = 3 then active - 4 else (active * 0.8)::bigint end, case when w > 8 then 4 else (active * 0.07)::bigint end
    from (select w, (180 + 900 * exp(-w / 4.0))::bigint as active from range(12) as t(w));
  insert into course_activity values ('${COURSE_ID}', 'day', '2016-01-18', 5, 5, 5, 5);

  create table video (
    course_id varchar, video_id varchar, duration_s double, learners bigint, plays bigint, learners_at_start bigint,
    learners_at_end bigint, viewed_s double, mean_watched_share double, dropoff_segment bigint
  );
  insert into video
    select '${COURSE_ID}', case when v = 0 then '${HOSTILE_ID}' else md5('v' || v) end, case when v = 4 then null else 180 + 97 * (v % 7) end,
      learners, learners * 2, (learners * 0.93)::bigint, (learners * (0.35 + 0.06 * (v % 9)))::bigint, 1e5,
      0.45 + 0.05 * (v % 10), 30
    from (select v, (1100 * exp(-v / 9.0))::bigint + 6 as learners from range(46) as t(v));
  create table video_timeline (course_id varchar, video_id varchar, segment bigint, learners bigint, views bigint);
  insert into video_timeline
    select '${COURSE_ID}', video_id, s,
      greatest(1, (learners_at_start - (learners_at_start - learners_at_end) * s / segments
        + learners * 0.13 * exp(-pow(s - segments * 0.4, 2) / 8.0)
        - case when s > segments * 0.95 then learners * 0.2 else 0 end)::bigint), 1
    from (select *, coalesce(duration_s, 300) / 5 as segments from video), range(200) as t(s)
    where s <= segments + 3;

  create table problem (
    course_id varchar, problem_id varchar, display_name varchar, learners bigint, attempts_min bigint, attempts_mean double,
    attempts_max bigint, correct_first_try bigint
  );
  create temp table tried (problem_id varchar, attempts bigint, first_success boolean);
  insert into tried
    select 'p' || p, tries, tries = 1
    from (
      select u, p, case when u = 0 and p = 2 then 412 when u = 0 and p = 5 then 31007 else 0 end + 1 + floor((1 + p % 6) * 0.9 * -ln(1 - (hash(u * 1000 + p) % 9973) / 9974.0))::bigint as tries
      from range(1834) as t(u), range(34) as s(p)
      where u % (1 + p) = 0
    );
  insert into tried
    select 'hard', 3, u < 4 from range(120) as t(u)
    union all
    select 'easy', 1, u > 2 from range(90) as t(u)
    union all
    select 'few', 1 + u % 4, u % 4 = 0 from range(10) as t(u)
    union all
    select 'rare', 1, true from range(3) as t(u);
  insert into problem
    select '${COURSE_ID}', problem_id,
      case
        when problem_id = 'p3' then '${HOSTILE_ID.replaceAll("'", "''")}'
        when problem_id = 'p4' then null
        else 'Unit ' || (hash(problem_id) % 8 + 1) || ': ' || ['Checkpoint', 'Sampling and aliasing', 'Convolution of finite sequences, part', 'Quiz'][(1 + hash(problem_id) % 4)::bigint]
      end,
      count(*), min(attempts), avg(attempts), max(attempts), count(*) filter (first_success)
    from tried
    group by problem_id;

  create table forum_day (course_id varchar, user_id bigint, day date, action varchar, n bigint);
  insert into forum_day
    select '${COURSE_ID}', u, date '2016-01-18' + d::integer, ['viewed_thread', 'viewed_thread', 'viewed_forum', 'created_response', 'voted_thread'][(1 + hash(u + d) % 5)::bigint], 1
    from range(1834) as t(u), range(84) as s(d)
    where (u * 7 + d * 13) % (40 + d) = 0;
`

const CATALOG = `
  create table day (site varchar, date date, state varchar, quarantine_class varchar);
  insert into day
    select '${SITE}', date '2015-12-01' + i::integer,
      case i when 68 then 'missing' when 69 then 'missing' when 70 then 'empty' when 98 then 'quarantined' else 'merged' end,
      case i when 98 then 'decrypt' end
    from range(150) as t(i);
  insert into day values ('${SITE}', '2016-01-20', 'superseded', null), ('edge', '2016-01-21', 'missing', null);
`

/** Makes the course database at `course_path` and the catalogue at `catalog_path`; leaves out the tables named. */
export async function makeCourse(given: {
  readonly course_path: string
  readonly catalog_path: string
  readonly without?: readonly string[]
}): Promise<void> {
  await using course = await openDatabase({ path: given.course_path, threads: 1, memory_mb: 512 })
  await course.run(TABLES)
  for (const name of given.without ?? []) await course.run(`drop table ${name}`)
  await using catalog = await openDatabase({ path: given.catalog_path, threads: 1, memory_mb: 256 })
  await catalog.run(CATALOG)
}
