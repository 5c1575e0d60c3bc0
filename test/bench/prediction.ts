// What a large archive takes on many machines, reckoned from what one machine was seen to do. Nobody rents fifty machines to
// find out that the bucket, the coordinator or the reducers would have been the bottleneck; this says it beforehand.

/** What was measured, each a median. Bytes of log are extracted bytes. */
export interface Rates {
  /** CPU time of a worker for a byte of log, with all its threads. */
  readonly map_cpu_seconds_per_byte: number
  /** Bytes of log in a byte of log file. */
  readonly expansion: number
  readonly day_bytes: number
  readonly parts_per_day: number
  readonly part_bytes_per_day: number
  /** CPU time of the one coordinator for a job; null when it was not measured. */
  readonly coordinator_cpu_seconds_per_job: number | null
  /** CPU time of a reducer for a small day, a lower bound for any; null when it was not measured. */
  readonly merge_cpu_seconds_per_day: number | null
}

/** What nobody can measure here: machines, network, limits and prices of a provider. */
export interface Assumptions {
  readonly machines: number
  readonly cores_per_machine: number
  /** Sites merge side by side, each on one core. */
  readonly sites: number
  readonly network_bytes_per_second_per_machine: number
  /** Requests that a bucket takes in a second for the keys under one prefix. */
  readonly gets_per_second: number
  readonly puts_per_second: number
  readonly dollars_per_get: number
  /** Also of a listing's page. */
  readonly dollars_per_put: number
  readonly dollars_per_machine_hour: number
  readonly sweep_s: number
}

/** Prices and limits as Amazon publishes them for S3 Standard in us-east-1, and a common machine of four cores. */
export const ASSUMED: Assumptions = {
  machines: 50,
  cores_per_machine: 4,
  sites: 3,
  network_bytes_per_second_per_machine: 125e6,
  gets_per_second: 5_500,
  puts_per_second: 3_500,
  dollars_per_get: 0.0004 / 1_000,
  dollars_per_put: 0.005 / 1_000,
  dollars_per_machine_hour: 0.2,
  sweep_s: 60,
}

export interface Prediction {
  readonly log_bytes: number
  readonly log_file_bytes: number
  readonly days: number
  /** How long it would take if nothing else took any time; null where a rate was not measured. */
  readonly seconds_by_resource: Readonly<Record<Resource, number | null>>
  /** What takes longest, and so decides how long everything takes. */
  readonly saturated: Resource
  readonly seconds: number
  readonly gets: number
  /** Listings included. */
  readonly puts: number
  readonly dollars_for_requests: number
  readonly dollars_for_machines: number
}

export const RESOURCES = ['cores', 'network', 'coordinator', 'gets', 'puts', 'reducers'] as const
export type Resource = (typeof RESOURCES)[number]

/** Objects that a page of a listing tells. */
const PAGE = 1_000

/**
 * Reckons what so many bytes of log take. Map and merge go on side by side, so the slowest resource decides; a worker
 * fetches a file and asks for its receipt, stores parts and a receipt; a reducer fetches both once.
 */
export function predict(log_bytes: number, rates: Rates, assumed: Assumptions): Prediction {
  const days = Math.ceil(log_bytes / rates.day_bytes)
  const log_file_bytes = log_bytes / rates.expansion
  const gets_of_map = 2 * days
  const gets_of_merge = days * (rates.parts_per_day + 1)
  const stored = days * (rates.parts_per_day + 1)
  const moved = log_file_bytes + days * rates.part_bytes_per_day
  const { machines, sites } = assumed
  const seconds_by_resource: Record<Resource, number | null> = {
    cores: (log_bytes * rates.map_cpu_seconds_per_byte) / (machines * assumed.cores_per_machine),
    network: moved / (machines * assumed.network_bytes_per_second_per_machine),
    coordinator: rates.coordinator_cpu_seconds_per_job === null ? null : days * rates.coordinator_cpu_seconds_per_job,
    gets: (gets_of_map + gets_of_merge) / assumed.gets_per_second,
    puts: stored / assumed.puts_per_second,
    reducers: rates.merge_cpu_seconds_per_day === null ? null : (days * rates.merge_cpu_seconds_per_day) / sites,
  }
  const secondsOf = (resource: Resource): number => seconds_by_resource[resource] ?? 0
  const saturated = RESOURCES.reduce((one, other) => (secondsOf(other) > secondsOf(one) ? other : one))
  const seconds = secondsOf(saturated)
  // A sweep lists log files, receipts and little else.
  const pages = Math.ceil(seconds / assumed.sweep_s) * 2 * (Math.ceil(days / PAGE) + sites)
  const gets = gets_of_map + gets_of_merge
  const puts = stored + pages
  return {
    log_bytes,
    log_file_bytes,
    days,
    seconds_by_resource,
    saturated,
    seconds,
    gets,
    puts,
    dollars_for_requests: gets * assumed.dollars_per_get + puts * assumed.dollars_per_put,
    dollars_for_machines: (machines * assumed.dollars_per_machine_hour * seconds) / 3_600,
  }
}
