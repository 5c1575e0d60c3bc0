// What there is to export is what the database says there is: some views belong to one course alone (a problem of its own, a
// table of a package), so no list in the program could name them all.
import type { Database } from '../../runtime/duckdb.ts'

export interface RelationColumn {
  readonly name: string
  /** As DuckDB writes it. */
  readonly type: string
  readonly doc: string | null
}

/** A table or a view of a database. */
export interface Relation {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly doc: string | null
  readonly columns: readonly RelationColumn[]
}

/** The name as it is asked for: with its schema where that is not `main`. */
export const fullName = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string =>
  schema === 'main' ? name : `${schema}.${name}`

/** Lists the tables and views of an open database, those of `main` first, by name. */
export async function relationsOf(database: Database): Promise<readonly Relation[]> {
  const relations = await database.rows<Omit<Relation, 'columns'>>(`
    with relation as (
      select schema_name as schema, table_name as name, 'table' as kind, comment as doc
      from duckdb_tables()
      where database_name = current_database() and not internal and not temporary
      union all
      select schema_name, view_name, 'view', comment
      from duckdb_views()
      where database_name = current_database() and not internal and not temporary
    )
    select *
    from relation
    order by schema <> 'main', schema, name
  `)
  const columns = await database.rows<RelationColumn & { readonly schema: string; readonly table_name: string }>(`
    select schema_name as schema, table_name, column_name as name, data_type as type, comment as doc
    from duckdb_columns()
    where database_name = current_database() and not internal
    order by schema_name, table_name, column_index
  `)
  const by_relation = Map.groupBy(columns, ({ schema, table_name }) => JSON.stringify([schema, table_name]))
  return relations.map((relation) => {
    const own = by_relation.get(JSON.stringify([relation.schema, relation.name])) ?? []
    return { ...relation, columns: own.map(({ name, type, doc }) => ({ name, type, doc })) }
  })
}
