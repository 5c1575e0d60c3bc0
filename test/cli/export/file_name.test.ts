// Names of tables become names of files: none may leave its folder, and no two may be one file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fileNameOf } from '../../../cli/export/file_name.ts'

test('fileNameOf() keeps usual names and encodes the rest', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['main', 'learner', 'learner.csv'],
    ['samced', 'video_activity', 'samced.video_activity.csv'],
    ['samced', 'problem_0aa2e84c', 'samced.problem_0aa2e84c.csv'],
    ['main', '../../etc/passwd', '%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.csv'],
    ['main', 'a.b', 'a%2Eb.csv'],
    ['main', 'Övning 1', '%C3%96vning%201.csv'],
  ]
  for (const [schema, name, file] of cases) assert.equal(fileNameOf({ schema, name }, 'csv'), file)
  assert.equal(fileNameOf({ schema: 'main', name: 'learner' }, 'parquet'), 'learner.parquet')
})

test('fileNameOf() gives different tables different files that every file system takes', () => {
  const name = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ minLength: 150, maxLength: 400 }))
  const table = fc.record({ schema: fc.constantFrom('main', 'samced', 'a.b'), name })
  fc.assert(
    fc.property(table, table, (one, other) => {
      const [file, second] = [fileNameOf(one, 'csv'), fileNameOf(other, 'csv')]
      assert.match(file, /^[A-Za-z0-9_.%~-]{1,240}$/)
      const is_same = one.schema === other.schema && one.name === other.name
      assert.equal(file === second, is_same)
    }),
  )
})
