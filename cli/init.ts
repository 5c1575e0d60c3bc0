// `millrace init`: the first thing a data czar runs. It writes a commented config and touches nothing that is there.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { sampleConfig } from '../config/sample.ts'
import { MillraceError } from '../contracts/errors.ts'
import { EXIT_DONE } from './exit_codes.ts'
import type { Output } from './output.ts'

/** Writes the commented sample config to `path`; usage_invalid when a file is there already. */
export async function init(given: { readonly path: string; readonly output: Output }): Promise<number> {
  const path = resolve(given.path)
  try {
    await writeFile(path, sampleConfig(), { flag: 'wx' })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new MillraceError('usage_invalid', `Cannot write "${path}": it is there already`, { cause })
    throw cause
  }
  given.output.line(`Wrote ${path}`)
  given.output.line('Fill in organisation, source, results and keys, then run: millrace plan')
  given.output.document({ written: path })
  return EXIT_DONE
}
