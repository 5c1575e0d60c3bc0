// The house rules as programs, in the order in which they are quick to answer. All run, so that one call tells everything.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string): string => `${root}/node_modules/.bin/${name}`

const CHECKS: readonly (readonly [string, readonly string[]])[] = [
  [
    'format and lint',
    [bin('biome'), 'ci', '--error-on-warnings', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.'],
  ],
  ['types', [bin('tsc'), '--noEmit']],
  ['dead code', [bin('knip')]],
  ['architecture', [process.execPath, '--test', 'test/architecture.test.ts']],
]

let failed = 0
for (const [name, [program, ...args]] of CHECKS) {
  if (program === undefined) continue
  console.log(`\n— ${name}`)
  const ended = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (ended.status !== 0) failed += 1
}
console.log(failed === 0 ? '\nAll checks passed' : `\n${failed} of ${CHECKS.length} checks failed`)
process.exitCode = failed === 0 ? 0 : 1
