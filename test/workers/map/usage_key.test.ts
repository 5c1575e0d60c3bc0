// One block has one name, however it is spelt; two names for one video would halve its viewers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastComponentOf } from '../../../workers/map/usage_key.ts'

const HEX = '0f2bd1f8b1a94c7e8d6a5f4e3c2b1a09'

for (const [key, expected] of [
  ['i4x://MITx/6.002x/problem/H1P1_Resistors', 'H1P1_Resistors'],
  ['i4x://MITx/6.002x/problem/Quiz_2_1', 'Quiz_2_1'],
  ['\ni4x://MITx/6.002x/video/S1V1 ', 'S1V1'],
  ['i4x-MITx-6_002x-video-S1V1', 'S1V1'],
  ['i4x-MITx-6-002x-video-S1-V1', 'S1-V1'],
  ['i4x-MITx-6_002x-special-S1V1', 'S1V1'],
  ['i4x-MITx-6_002x-problem-H1P1_2_1', 'H1P1'],
  ['input_i4x-MITx-6_002x-problem-H1P1_12_3', 'H1P1'],
  ['i4x-MITx-6_002x-video-Lecture_2_1', 'Lecture_2_1'],
  ['i4x:;_;_MITx;_6.002x;_problem;_H1P1', 'H1P1'],
  [`block-v1:ChalmersX+ChM001x+1T2019+type@video+block@${HEX}`, HEX],
  [encodeURIComponent(`block-v1:ChalmersX+ChM001x+1T2019+type@video+block@${HEX}`), HEX],
  [`ccx-block-v1:ChalmersX+ChM001x+1T2019+ccx@1+type@video+block@${HEX}`, HEX],
  ['block-v1:ChalmersX+ChM001x+1T2019+type@problem+block@Quiz_2_1', 'Quiz_2_1'],
  [HEX, HEX],
  [`${HEX}_2_1`, HEX],
  [`input_${HEX}_2_1`, HEX],
  ['Welcome', 'Welcome'],
  ['i4x://MITx/6.002x/problem/H1P1/', 'H1P1'],
] as const)
  test(`lastComponentOf() finds ${expected} in ${JSON.stringify(key)}`, () =>
    assert.equal(lastComponentOf(key), expected))

for (const key of ['', '  ', '\n', '///', 'block-v1:a+b+c+type@video+block@'])
  test(`lastComponentOf() finds nothing in ${JSON.stringify(key)}`, () => assert.equal(lastComponentOf(key), null))

test('lastComponentOf() takes linear time on hostile keys', () => {
  for (const unit of ['/', '_1', 'i4x-', ';_', '%41', ' ', 'block@'])
    assert.ok((lastComponentOf(`i4x-${unit.repeat(300_000)}{`) ?? '').length >= 0)
})
