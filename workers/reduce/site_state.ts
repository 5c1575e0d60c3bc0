// Where a site stands between two rounds of a merge, and the files of its head. Most rounds need the names only; the runs
// of all years are fetched when days go, when every course is looked at, or when there are too many runs.
import { join } from 'node:path'
import type { Site } from '../../contracts/day.ts'
import type { EditionFile, SiteHead, SiteRun } from '../../contracts/head.ts'
import { fetchEdition } from './fetch_edition.ts'
import type { MergeDeps } from './merge_deps.ts'
import type { Days } from './pending.ts'
import { assertNewest } from './site_base.ts'

export interface SiteState {
  readonly head: SiteHead | null
  /** The head's days, or none when its runs are lost and everything is loaded again. */
  readonly served: Days
  /** A run of the head is missing or damaged: nothing is built on its files. */
  readonly lost: boolean
}

/** A run that a head names is missing or not what the head says: the site must be made from all parts. */
export class RunsUnusable extends Error {
  readonly site: Site

  constructor(site: Site, key: string) {
    super(`The run "${key}" of "${site}" cannot be used`)
    this.name = 'RunsUnusable'
    this.site = site
  }
}

/** Downloads the runs of a head; RunsUnusable when one cannot be used. */
export async function fetchRuns(head: SiteHead, folder: string, deps: MergeDeps): Promise<readonly string[]> {
  const paths: string[] = []
  for (const [index, run] of head.runs.entries()) {
    const path = join(folder, `old_run_${index}.duckdb`)
    await fetchRun(head, { run, path }, deps)
    paths.push(path)
  }
  return paths
}

/** Downloads a run of a head; RunsUnusable when it cannot be used. */
export async function fetchRun(
  head: SiteHead,
  { run, path }: { readonly run: SiteRun; readonly path: string },
  deps: MergeDeps,
): Promise<void> {
  if (!(await fetched(head, { file: run.file, path }, deps))) throw new RunsUnusable(head.site, run.file.key)
}

/** Downloads the names of a head; null when they cannot be used and must be made from the runs. */
export async function fetchNames(head: SiteHead, folder: string, deps: MergeDeps): Promise<string | null> {
  const path = join(folder, 'old_names.duckdb')
  return (await fetched(head, { file: head.names, path }, deps)) ? path : null
}

async function fetched(
  head: SiteHead,
  { file, path }: { readonly file: EditionFile; readonly path: string },
  deps: MergeDeps,
): Promise<boolean> {
  const wrong = await fetchEdition(deps.results, file, path, deps)
  if (wrong === null) return true
  // Removed as too old when another reducer went on; else it is really gone.
  if (wrong === 'missing') await assertNewest(deps.results, head.site, head, deps)
  deps.log.error('site_rows_unusable', { site: head.site, key: file.key, reason: wrong })
  return false
}
