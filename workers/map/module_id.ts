// Events of tools such as peer assessments name no block in their payload; where they came from stands in their context.
import { isFields, readText } from './fields.ts'
import { lastComponentOf } from './usage_key.ts'

/** Reads which block an event came from, from `context.module`: the last component of its usage key. */
export function moduleIdOf(module: unknown): string | null {
  const key = isFields(module) ? readText(module.usage_key)?.trim() : undefined
  return key === undefined || key === '' ? null : lastComponentOf(key)
}
