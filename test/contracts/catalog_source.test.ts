// A catalogue that is taken for current when it is not stays wrong; one that is never taken for current is made for ever.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogBasis, catalogSourceOf, isCatalogBehind } from '../../contracts/catalog_source.ts'

const basis = catalogBasis(['acme', 'acme-x'])
const source = catalogSourceOf({ head_number: 2, plan_number: 3, quarantined: ['2020-01-01/a', '2020-01-02/b'] })
const catalog = { basis, sites: { edx: source } }
const given = { site: 'edx', source, basis }

test('catalogSourceOf() does not depend on the order or the repetition of quarantines, and counts a missing head as 0', () => {
  const again = ['2020-01-02/b', '2020-01-01/a', '2020-01-02/b']
  assert.deepEqual(catalogSourceOf({ head_number: 2, plan_number: 3, quarantined: again }), source)
  assert.equal(catalogSourceOf({ head_number: null, plan_number: 1, quarantined: [] }).head, 0)
  assert.equal(catalogBasis(['acme-x', 'acme', 'acme']), basis)
})

const cases: readonly (readonly [what: string, behind: boolean, found: Parameters<typeof isCatalogBehind>])[] = [
  ['that says what is so', false, [catalog, given]],
  ['that is not there', true, [null, given]],
  ['that does not know the site', true, [catalog, { ...given, site: 'edge' }]],
  ['of an older head', true, [catalog, { ...given, source: { ...source, head: 3 } }]],
  ['of an older plan', true, [catalog, { ...given, source: { ...source, plan: 4 } }]],
  ['of a later head and plan than are known', false, [catalog, { ...given, source: { ...source, head: 1, plan: 2 } }]],
  ['of other quarantines', true, [catalog, { ...given, source: { ...source, quarantines: 'other' } }]],
  ['of other organisations', true, [catalog, { ...given, basis: catalogBasis(['acme']) }]],
]
for (const [what, behind, found] of cases)
  test(`isCatalogBehind() finds a catalogue ${what} ${behind ? 'behind' : 'current'}`, () => {
    assert.equal(isCatalogBehind(...found), behind)
  })
