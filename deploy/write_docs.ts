// Writes the pages of docs/ that are made from the code. A test compares them, so nobody has to remember this.
import { writeFileSync } from 'node:fs'
import { CATALOG_TABLES } from '../contracts/catalog_tables.ts'
import { errorsPage } from '../contracts/error_docs.ts'
import { TABLES } from '../contracts/registry.ts'
import { tablesPage } from '../contracts/table_docs.ts'

const pages = { 'tables.md': tablesPage(TABLES, CATALOG_TABLES), 'errors.md': errorsPage() }

for (const [name, text] of Object.entries(pages)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text)
  console.log(`Wrote docs/${name}`)
}
