// Which tags are groups, and what the column says of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userTagsOf } from '../../../workers/map/user_tags.ts'

const key = (partition: string): string => `xblock.partition_service.partition_${partition}`

test('groups are told by partition, in the order of the ids as text', () => {
  const tags = { [key('9')]: '1', [key('10')]: 0, [key('1449585857')]: ' b\n', [key('x')]: '1' }
  assert.equal(userTagsOf(tags), '{"10":"0","1449585857":"b","9":"1"}')
})

test('whatever is no partition, or no group, tells nothing', () => {
  const tags = [
    null,
    undefined,
    'text',
    [],
    {},
    { [key('')]: '1' },
    { [`x${key('1')}`]: '1' },
    { [`${key('1')}x`]: '1' },
  ]
  for (const tag of tags) assert.equal(userTagsOf(tag), null)
  for (const value of [null, '', ' ', '\0', 1.5, true, {}, [1]]) assert.equal(userTagsOf({ [key('1')]: value }), null)
})

test('a number whose digits a JavaScript number would lose is no group, as text neither', () => {
  const large = '9007199254740993'
  assert.equal(userTagsOf(JSON.parse(`{"${key('1')}": ${large}, "${key('2')}": "${large}"}`)), null)
  assert.equal(userTagsOf({ [key('1')]: 9007199254740991, [key('2')]: -3 }), '{"1":"9007199254740991","2":"-3"}')
})

test('groups that nobody would have are not carried', () => {
  const group = (chars: number) => userTagsOf({ [key('1')]: 'g'.repeat(chars) })
  assert.equal(group(4_096 - '{"1":""}'.length)?.length, 4_096)
  assert.equal(group(4_097 - '{"1":""}'.length), null)
})
