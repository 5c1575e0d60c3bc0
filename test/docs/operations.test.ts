// The table of metrics in docs/operations.md is what dashboards and alerts are written from, so it must be the program's
// own list. When this fails, the expected rows are what belongs on the page.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { createMetrics } from '../../runtime/metrics.ts'

const ROLES = ['coordinator', 'worker', 'reducer'] as const

test('docs/operations.md lists every metric with its process, type, labels and meaning', async () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const listed = page.split('\n').filter((line) => line.startsWith('| `millrace_'))
  assert.deepEqual(listed, await rowsOfMetrics())
})

async function rowsOfMetrics(): Promise<readonly string[]> {
  const found = new Map<string, { readonly roles: string[]; readonly rest: string }>()
  for (const role of ROLES) {
    const { registry } = createMetrics(role)
    for (const { name, type, help } of await registry.getMetricsAsJSON()) {
      if (!name.startsWith('millrace_')) continue
      const labels = z.array(z.string()).parse(Reflect.get(registry.getSingleMetric(name) ?? {}, 'labelNames'))
      const rest = `${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`
      const row = found.get(name) ?? { roles: [], rest }
      row.roles.push(role)
      found.set(name, row)
    }
  }
  return [...found].map(
    ([name, { roles, rest }]) =>
      `| \`${name}\` | ${roles.length === ROLES.length ? 'all' : roles.join(', ')} | ${rest}`,
  )
}
