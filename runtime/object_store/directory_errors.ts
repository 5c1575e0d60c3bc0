// Turns what the file system says into the catalogue's errors, so that a full disk is tried again and a forbidden
// folder is not.
import { MillraceError } from '../../contracts/errors.ts'
import type { Unreachable } from './open_object_store.ts'

const REFUSED: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the file system does not permit it',
  EROFS: 'the file system is read-only',
  EEXIST: 'a file stands where a folder is needed',
  ENOTDIR: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands where a file is needed',
  ENOTEMPTY: 'a folder stands where a file is needed',
  ENAMETOOLONG: 'the name is too long for the file system',
  ENOTSUP: 'the file system has no hard links',
  EOPNOTSUPP: 'the file system has no hard links',
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: 'the folder does not exist',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
}

/** Reads the system's code of an error, such as ENOENT. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Makes the error of a failed deed (`read "a/b"`); what is not from the file system stays as it is. */
export function directoryError(error: unknown, deed: string, unreachable: Unreachable): unknown {
  const code = systemCode(error)
  if (error instanceof MillraceError || code === undefined || code.startsWith('ERR_')) return error
  const refused = REFUSED[code]
  if (refused !== undefined) return new MillraceError('store_refused', `Cannot ${deed}: ${refused}`, { cause: error })
  const why = UNREACHABLE[code] ?? `the file system answers ${code}`
  return new MillraceError(unreachable, `Cannot ${deed}: ${why}`, { cause: error })
}
