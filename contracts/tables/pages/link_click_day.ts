// Where a course sends people to is nowhere else in its tables.
import type { SummedTable } from '../../table.ts'

export default {
  name: 'link_click_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: false,
  grain: 'one UTC day and host that links led to',
  doc: 'Clicks on links (`edx.ui.lms.link_clicked`) of everybody, also of people who were not logged in, by the rule of edX Insights: a click is external when its target names a host other than that of the page it was made on, and internal otherwise. Hosts are compared in lower case, without user and port.',
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the click' },
    target_host: {
      type: 'VARCHAR',
      doc: 'Host of `target_url`, in lower case, without user and port; NULL when it names none, as in `/courses/…`, `#top` or `mailto:…`',
    },
  },
  measures: {
    internal: { type: 'BIGINT', merge: 'sum', doc: 'Clicks that stayed on the host of the page' },
    external: { type: 'BIGINT', merge: 'sum', doc: 'Clicks that left it' },
  },
  types: ['edx.ui.lms.link_clicked'],
  payload: true,
  sql: `
    with clicked as (
      select
        course_id,
        time,
        json_extract_string(payload::varchar, ['$.target_url', '$.current_url']) as urls
      from event
      where event_type = 'edx.ui.lms.link_clicked'
        and not rescued
        and course_id is not null
    ),
    -- scheme://user@host:port/path, the scheme and the rest optional
    addressed as (
      select
        *,
        regexp_extract(urls[1], '^\\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#]*@)?([^/?#]*)', 1) as target,
        regexp_extract(urls[2], '^\\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#]*@)?([^/?#]*)', 1) as page
      from clicked
    ),
    hosted as (
      select
        *,
        nullif(lower(trim(regexp_replace(target, ':[0-9]*\\s*$', ''))), '') as target_host,
        nullif(lower(trim(regexp_replace(page, ':[0-9]*\\s*$', ''))), '') as page_host
      from addressed
    )
    select
      course_id,
      time::date as day,
      target_host,
      (target_host is null or target_host is not distinct from page_host)::bigint as internal,
      (target_host is not null and target_host is distinct from page_host)::bigint as external
    from hosted
  `,
} as const satisfies SummedTable
