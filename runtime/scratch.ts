// Folders for databases and pieces under construction. A process that is killed cannot remove its own, and nobody else
// would: a machine that restarts its reducers for a year would fill up. So a folder tells by its name whose it is.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

export interface Scratch extends AsyncDisposable {
  readonly path: string
}

/** Folders that this process made and still uses: several roles may share a process. */
const in_use = new Set<string>()

/** Makes a private folder for a role below `parent`, and removes those that dead processes of this host left there. */
export async function openScratch(parent: string, role: string): Promise<Scratch> {
  await mkdir(parent, { recursive: true })
  await removeLeftovers(parent, role)
  const path = await mkdtemp(join(parent, `${prefixOf(role)}${process.pid}-`))
  in_use.add(path)
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true })
      in_use.delete(path)
    },
  }
}

/** A parent folder on a shared disk may hold those of other hosts, whose processes cannot be seen from here. */
const prefixOf = (role: string): string => `millrace-${role}-${hostname().replace(/[^A-Za-z0-9.]/g, '_')}-`

async function removeLeftovers(parent: string, role: string): Promise<void> {
  const prefix = prefixOf(role)
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? /^(\d+)-[A-Za-z0-9]{6}$/.exec(name.slice(prefix.length))?.[1] : undefined
    const path = join(parent, name)
    // In a container every life of a process may have the same pid: a folder of ours that we did not make is left over.
    if (pid === undefined || in_use.has(path) || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue
    await rm(path, { recursive: true, force: true })
  }
}

/** Signal 0 only asks; a process of somebody else is alive too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
