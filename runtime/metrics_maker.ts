// Makes metrics that carry the project's prefix and belong to one registry, so that two roles in one process never share
// a counter and no name is spelt twice.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

const PREFIX = 'millrace_'

/** Buckets of a request to a store or queue: 5 ms to 30 s. */
export const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Buckets of a job, a merge or a sweep: half a second to about an hour, doubling. */
export const JOB_SECONDS = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]

export interface MetricsMaker {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>
  /** With `read`, the gauge takes its value from there whenever it is collected. */
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[], read?: () => number): Gauge<L>
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>
}

/** Makes the maker of one registry's metrics. */
export function metricsMaker(registry: Registry): MetricsMaker {
  const named = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) => ({
    name: PREFIX + name,
    help,
    labelNames,
    registers: [registry],
  })
  return {
    counter: (name, help, labels) => new Counter(named(name, help, labels)),
    histogram: (name, help, buckets, labels) => new Histogram({ ...named(name, help, labels), buckets: [...buckets] }),
    gauge: (name, help, labels, read) =>
      new Gauge({
        ...named(name, help, labels),
        ...(read === undefined
          ? {}
          : {
              collect() {
                this.set(read())
              },
            }),
      }),
  }
}
