#!/usr/bin/env node
// The program people call. The sources are TypeScript that Node 24 runs as it is; an older Node would greet a newcomer
// with a syntax error, so this file hands over to the Node that `npm run build` brought, or says what is missing.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24
const compiled = ['scan/scan.wasm', 'inflate_wasm/inflate.wasm']
const own = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

if (!compiled.every((file) => existsSync(new URL(`../workers/map/${file}`, import.meta.url)))) {
  console.error('Cannot run millrace: it is not built; run "npm run build" first')
  process.exitCode = 1
} else if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
  await import('./main.ts')
} else if (existsSync(own)) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(own, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; what it means is the child's to decide.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
} else {
  console.error(
    `Cannot run millrace on Node ${process.versions.node}: it needs Node ${NODE_MAJOR} or newer; run "npm run build" first`,
  )
  process.exitCode = 1
}
