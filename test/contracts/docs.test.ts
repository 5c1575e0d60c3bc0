// Pages that are made from the code are worth something only while nobody has changed the one without the other.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CATALOG_TABLES } from '../../contracts/catalog_tables.ts'
import { errorsPage } from '../../contracts/error_docs.ts'
import { ERROR_CODES } from '../../contracts/errors.ts'
import { DECLARED, TABLES } from '../../contracts/registry.ts'
import { tablesPage } from '../../contracts/table_docs.ts'

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

test('docs/tables.md is what the declarations say; `npm run docs` writes it', () => {
  assert.equal(page('tables.md'), tablesPage(DECLARED, CATALOG_TABLES))
})

test('docs/errors.md is what the catalogue of errors says; `npm run docs` writes it', () => {
  assert.equal(page('errors.md'), errorsPage())
})

test('tablesPage() shows researchers every published table and no hidden column', () => {
  const text = tablesPage(DECLARED, CATALOG_TABLES)
  for (const { name, published } of TABLES) assert.equal(text.includes(`\n### ${name}\n`), published, name)
  assert.doesNotMatch(text, /\| `(hash|change_no|logged_mode|family)` \|/)
})

test('errorsPage() has a line for every code', () => {
  const lines = errorsPage().split('\n')
  for (const code of ERROR_CODES)
    assert.equal(lines.filter((line) => line.startsWith(`| \`${code}\` |`)).length, 1, code)
})
