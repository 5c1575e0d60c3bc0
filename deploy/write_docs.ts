// Writes the files that are made from the code: pages of docs/ and the samples of config/. Tests compare them, so nobody
// has to remember this.
import { writeFileSync } from 'node:fs'
import { configJsonSchemaText } from '../config/json_schema.ts'
import { sampleConfig } from '../config/sample.ts'
import { CATALOG_TABLES } from '../contracts/catalog_tables.ts'
import { errorsPage } from '../contracts/error_docs.ts'
import { DECLARED } from '../contracts/registry.ts'
import { tablesPage } from '../contracts/table_docs.ts'

const files = {
  'docs/tables.md': tablesPage(DECLARED, CATALOG_TABLES),
  'docs/errors.md': errorsPage(),
  'config/millrace.sample.yaml': sampleConfig({ schema: './millrace.schema.json' }),
  'config/millrace.schema.json': configJsonSchemaText(),
}

for (const [name, text] of Object.entries(files)) {
  writeFileSync(new URL(`../${name}`, import.meta.url), text)
  console.log(`Wrote ${name}`)
}
