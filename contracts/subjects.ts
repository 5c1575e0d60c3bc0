// Every stream, subject, consumer and queue limit, spelt once. `namespace` lets several installations share a server.

export interface Queue {
  readonly name: 'map' | 'merge'
  readonly stream: string
  readonly consumer: string
  /** Wildcard of all its subjects. */
  readonly subjects: string
}

export interface Subjects {
  readonly map: Queue
  readonly merge: Queue
  mapJob(site: string, date: string, fingerprint: string): string
  mergeJob(site: string): string
  /** Request/reply: a file's session-key packets in, its session key out. */
  readonly session_key: string
  /** Workers and reducers tell what they are doing, a few times a second. */
  progress(process_id: string): string
  readonly progress_all: string
  /** A job ended: a hint for the coordinator to look, never a fact. */
  readonly ended: string
}

/** Spells all names for one namespace (letters, digits and `_`). */
export function subjectsOf(namespace: string): Subjects {
  const upper = namespace.toUpperCase()
  return {
    map: { name: 'map', stream: `${upper}_MAP`, consumer: 'workers', subjects: `${namespace}.job.map.>` },
    merge: { name: 'merge', stream: `${upper}_MERGE`, consumer: 'reducers', subjects: `${namespace}.job.merge.>` },
    mapJob: (site, date, fingerprint) => `${namespace}.job.map.${site}.${date}.${fingerprint}`,
    mergeJob: (site) => `${namespace}.job.merge.${site}`,
    session_key: `${namespace}.key.session`,
    progress: (process_id) => `${namespace}.progress.${process_id}`,
    progress_all: `${namespace}.progress.*`,
    ended: `${namespace}.ended`,
  }
}
