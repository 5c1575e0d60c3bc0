// Prepares a fresh clone (dependencies, what is compiled, programs) and then runs a command: without it `npm run demo` and
// `npm test` would need a page of instructions first. It must run on any Node from 18 on, because it is what brings the
// right one.
//
//   node deploy/setup.mjs [--with nats,gnupg,ceph,isal,python,taskset] -- SCRIPT [ARGUMENT …]
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const NODE_MAJOR = 24

/** What a part needs: the programs it calls and the Debian packages that bring them. */
const PARTS = {
  nats: { programs: ['nats-server'], packages: ['nats-server'] },
  gnupg: { programs: ['gpg'], packages: ['gnupg'] },
  ceph: {
    programs: ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph-authtool', 'monmaptool', 'ceph'],
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common', 'ceph-base'],
  },
  isal: { programs: ['igzip'], packages: ['isal'] },
  python: { programs: ['python3'], packages: ['python3'] },
  taskset: { programs: ['taskset'], packages: ['util-linux'] },
}

class SetupError extends Error {}

function has(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function run(command, args, options = {}) {
  const ended = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', ...options })
  if (ended.status === 0) return
  const said = `${ended.stdout ?? ''}${ended.stderr ?? ''}`.trim().split('\n').slice(-12).join('\n')
  throw new SetupError(
    `Cannot run "${command} ${args.join(' ')}": ${ended.error?.message ?? `exit code ${ended.status}`}\n${said}`,
  )
}

function digestOf(files) {
  const digest = createHash('sha256')
  for (const file of files) digest.update(readFileSync(join(root, file)))
  return digest.digest('hex')
}

/** Installs the dependencies of the lock file unless exactly these are there. */
function installDependencies() {
  const wanted = digestOf(['package-lock.json'])
  const mark = join(root, 'node_modules', '.millrace-lock')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  console.error('Installing the dependencies of package-lock.json …')
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'])
  writeFileSync(mark, wanted)
}

/** What is written in AssemblyScript: the folder of its sources and its output in there. */
const COMPILED = [
  ['workers/map/scan', 'scan.wasm'],
  ['workers/map/inflate_wasm', 'inflate.wasm'],
]

/** Compiles to WebAssembly unless the output was made of exactly these sources. */
function compile([folder, output]) {
  const sources = readdirSync(join(root, folder)).filter((name) => /\.(ts|json)$/.test(name))
  const wanted = digestOf(['package-lock.json', ...sources.sort().map((name) => join(folder, name))])
  const mark = join(root, 'node_modules', `.millrace-${output}`)
  if (existsSync(join(root, folder, output)) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  run(nodeProgram(), [
    join('node_modules', 'assemblyscript', 'bin', 'asc.js'),
    '--config',
    join(folder, 'asconfig.json'),
  ])
  writeFileSync(mark, wanted)
}

/** The command prefix that may install packages: nothing for root, sudo where it asks for no password, else null. */
function privilege() {
  if (!has('apt-get')) return null
  if (process.getuid?.() === 0) return []
  if (has('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0) return ['sudo', '-n']
  return null
}

function installPrograms(parts) {
  const missing = parts.filter((part) => !PARTS[part].programs.every(has))
  if (missing.length === 0) return
  const packages = missing.flatMap((part) => PARTS[part].packages)
  const prefix = privilege()
  const programs = missing.flatMap((part) => PARTS[part].programs.filter((program) => !has(program)))
  if (prefix === null)
    throw new SetupError(
      `Cannot go on without ${programs.join(', ')}: install ${programs.length > 1 ? 'them' : 'it'}, on Debian with "apt-get install --no-install-recommends ${packages.join(' ')}"`,
    )
  console.error(`Installing ${packages.join(', ')} from Debian’s packages …`)
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120']
  run(apt[0], [...apt.slice(1), 'update'])
  run(apt[0], [...apt.slice(1), 'install', '-y', '--no-install-recommends', ...packages])
}

function nodeProgram() {
  const own = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath
  throw new SetupError(`Cannot run Millrace on Node ${process.versions.node}: it needs Node ${NODE_MAJOR} or newer`)
}

function main() {
  const args = process.argv.slice(2)
  const end = args.indexOf('--')
  const own = end < 0 ? args : args.slice(0, end)
  const command = end < 0 ? [] : args.slice(end + 1)
  const named = own[0] === '--with' && own[1] ? own[1].split(',') : []
  const unknown = named.filter((part) => !(part in PARTS))
  if (unknown.length > 0)
    throw new SetupError(`Cannot set up "${unknown.join(',')}": known are ${Object.keys(PARTS).join(', ')}`)
  installDependencies()
  for (const program of COMPILED) compile(program)
  installPrograms(named)
  if (command.length === 0) return
  const bin = join(root, 'node_modules', '.bin')
  const child = spawn(nodeProgram(), command, {
    stdio: 'inherit',
    env: { ...process.env, PATH: [bin, process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) },
  })
  // The terminal sends Ctrl-C to the whole group, so the child has it already; it decides what a signal means.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

try {
  main()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
