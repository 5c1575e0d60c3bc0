// Names of views that are made from ids of problems, and the ids that would make two of one name.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { samcedNames } from '../../contracts/samced_names.ts'

test('samcedNames() keeps letters, digits and underscores of an id', () => {
  const ids = ['quiz_1', '0123456789abcdef0123456789abcdef', 'a.b-c d"e', 'Åke', '']
  assert.deepEqual(
    [...samcedNames(ids).values()],
    ['problem_quiz_1', 'problem_0123456789abcdef0123456789abcdef', 'problem_abcde', 'problem_ke', 'problem_'],
  )
})

test('samcedNames() numbers ids that would have one name, by case too, and keeps clear of other views', () => {
  const ids = ['Quiz', 'activity', 'index', 'q.uiz', 'quiz', 'quiz_2', '.', '-']
  assert.deepEqual(
    [...samcedNames(ids).values()],
    [
      'problem_Quiz',
      'problem_activity_2',
      'problem_index_2',
      'problem_quiz_2',
      'problem_quiz_3',
      'problem_quiz_2_2',
      'problem_',
      'problem__2',
    ],
  )
})

test('samcedNames() gives no name twice, whatever the ids', () => {
  const id = fc.string({ unit: fc.constantFrom('a', 'A', '_', '2', '.', '-'), maxLength: 4 })
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 40 }), (ids) => {
      const names = [...samcedNames(ids).values()].map((name) => name.toLowerCase())
      assert.equal(new Set(names).size, ids.length)
    }),
  )
})
