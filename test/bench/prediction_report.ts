// The prediction of the benchmark: ten terabytes on fifty machines, from its own figures, with what it assumes.
import { bytesText, durationText, grouped, type Output } from '../../cli/output.ts'
import { ASSUMED, type Assumptions, type Prediction, predict, type Rates, RESOURCES } from './prediction.ts'

const TEN_TERABYTES = 10e12

export interface PredictionReport {
  readonly rates: Rates
  readonly assumed: Assumptions
  /** Ten terabytes of log, and log files of ten terabytes. */
  readonly of_log: Prediction
  readonly of_log_files: Prediction
}

/** Predicts from what was measured. */
export const predictionOf = (rates: Rates): PredictionReport => ({
  rates,
  assumed: ASSUMED,
  of_log: predict(TEN_TERABYTES, rates, ASSUMED),
  of_log_files: predict(TEN_TERABYTES * rates.expansion, rates, ASSUMED),
})

/** Shows a prediction to people. */
export function showPrediction({ assumed, of_log, of_log_files }: PredictionReport, output: Output): void {
  const columns = [of_log, of_log_files]
  const of = (write: (prediction: Prediction) => string): string[] => columns.map(write)
  const time = (seconds: number | null): string => (seconds === null ? 'not measured' : durationText(seconds))
  output.line()
  output.line(
    `Predicted for ${assumed.machines} machines of ${assumed.cores_per_machine} such cores, ${assumed.network_bytes_per_second_per_machine / 1e6} MB/s of network each, days like the measured one:`,
  )
  output.table(
    ['', '10 TB of log', '10 TB of log files'],
    [
      ['   days', ...of(({ days }) => grouped(days))],
      ['   log files', ...of(({ log_file_bytes }) => bytesText(log_file_bytes))],
      ...RESOURCES.map((resource) => [
        `   if only ${NAMES[resource]} took time`,
        ...of(({ seconds_by_resource }) => time(seconds_by_resource[resource])),
      ]),
      ['   saturated first', ...of(({ saturated }) => NAMES[saturated])],
      ['   time', ...of(({ seconds }) => time(seconds))],
      ['   requests that read', ...of(({ gets }) => grouped(gets))],
      ['   requests that write or list', ...of(({ puts }) => grouped(puts))],
      ['   requests', ...of(({ dollars_for_requests }) => `$${dollars_for_requests.toFixed(2)}`)],
      ['   machines', ...of(({ dollars_for_machines }) => `$${dollars_for_machines.toFixed(2)}`)],
    ],
  )
  output.line(
    `   Assumed: $${assumed.dollars_per_get * 1000} for 1,000 GET and $${assumed.dollars_per_put * 1000} for 1,000 PUT or LIST, ${grouped(assumed.gets_per_second)} GET and ${grouped(assumed.puts_per_second)} PUT a second, $${assumed.dollars_per_machine_hour} for a machine and hour; traffic inside a region and storage are not reckoned.`,
  )
}

const NAMES: Readonly<Record<(typeof RESOURCES)[number], string>> = {
  cores: 'the workers’ cores',
  network: 'the network',
  coordinator: 'the coordinator’s core',
  gets: 'requests that read',
  puts: 'requests that write',
  // Measured on small days: what large ones add to it nobody has seen.
  reducers: 'the reducers’ cores (at least)',
}
