// The recipe tells what a partial holds; this tells what is made of partials afterwards. A derived table or a word of
// documentation changes without a recipe, and no day has to be computed again for it: databases made by other
// declarations are built anew from their rows. Without a name for the declarations nobody would notice that they must be.
import { createHash } from 'node:crypto'
import { CATALOG_TABLES } from './catalog_tables.ts'
import { COURSE_FIGURES } from './course_figures.ts'
import { TABLES, VIEWS } from './registry.ts'
import type { Table, View } from './table.ts'

/** Raised when the reducer itself builds other content from the same rows and declarations. */
const BUILDER = 1

/** Names what a set of declarations makes of rows. */
export const declarationsHash = (tables: readonly (Table | View)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([BUILDER, tables]))
    .digest('hex')

/** Names the declarations of course databases, and of what is written beside each. */
export const COURSE_DECLARATIONS = declarationsHash([...TABLES, ...VIEWS, COURSE_FIGURES])

/** Names the declarations of the catalogue. */
export const CATALOG_DECLARATIONS = declarationsHash(CATALOG_TABLES)
