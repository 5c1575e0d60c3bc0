// Turns one database into one folder of files. It knows nothing of courses and stores: what comes out depends on the database
// and on what was asked for alone, so the same edition gives the same bytes on every machine.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MillraceError } from '../../contracts/errors.ts'
import { DatabaseError, openDatabase } from '../../runtime/duckdb.ts'
import { fileDigest } from '../../workers/reduce/file_digest.ts'
import { codebookCsv, codebookHtml, type Title } from './codebook.ts'
import { fileNameOf } from './file_name.ts'
import { EXPORT_VERSION, MANIFEST_NAME, type MadeFrom, type Manifest, manifestText } from './manifest.ts'
import { fullName, type Relation, relationsOf } from './relation.ts'
import { writeRelation } from './write_relation.ts'

/** More threads would add up doubles of a view in another order each time. */
const THREADS = 1

export interface ExportGiven {
  readonly database_path: string
  readonly made_from: MadeFrom
  readonly title: Title
  /** Folder to make. */
  readonly path: string
  /** Where a large sort may spill. */
  readonly scratch: string
  readonly memory_mb: number
  readonly signal: AbortSignal
}

/** Writes the tables that were asked for, the codebook and the manifest into a new folder. */
export async function buildExport(given: ExportGiven): Promise<Manifest> {
  const { path, made_from, signal } = given
  try {
    await mkdir(path)
    const { tables, absent } = await writeTables(given)
    const described = tables.map(({ relation, file, rows }) => ({ relation, file, rows }))
    await writeFile(join(path, 'codebook.csv'), codebookCsv(described))
    await writeFile(join(path, 'codebook.html'), codebookHtml(given.title, described))
    const sumOf = async (file: string) => ({ file, ...(await fileDigest(join(path, file), { signal })) })
    const manifest: Manifest = {
      export_version: EXPORT_VERSION,
      made_from,
      tables_absent: [...absent],
      tables: await Promise.all(
        tables.map(async ({ relation, file, rows }) => ({
          table: fullName(relation),
          kind: relation.kind,
          rows,
          ...(await sumOf(file)),
          columns: relation.columns.map(({ name, type }) => ({ name, type })),
        })),
      ),
      codebook: [await sumOf('codebook.csv'), await sumOf('codebook.html')],
    }
    await writeFile(join(path, MANIFEST_NAME), manifestText(manifest))
    return manifest
  } catch (cause) {
    signal.throwIfAborted()
    const reason = reasonOf(cause)
    if (reason === null) throw cause
    throw new MillraceError('export_failed', `Cannot export "${given.title.subject}": ${reason}`, { cause })
  }
}

/** Disks and memory end; DuckDB's words about anything else are a fault of ours. */
function reasonOf(cause: unknown): string | null {
  if (cause instanceof DatabaseError) return /^(IO|Out of Memory) /.test(cause.kind) ? cause.message : null
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC' ? 'the disk is full' : null
}

interface Written {
  readonly relation: Relation
  readonly file: string
  readonly rows: number
}

async function writeTables(
  given: ExportGiven,
): Promise<{ readonly tables: readonly Written[]; readonly absent: readonly string[] }> {
  const { format, tables_asked } = given.made_from
  await using database = await openDatabase({
    path: given.database_path,
    threads: THREADS,
    memory_mb: given.memory_mb,
    temp_directory: given.scratch,
    read_only: true,
    signal: given.signal,
  })
  // Rows come out of a COPY in the order that its ORDER BY gives them, also where one has many row groups.
  await database.run('set preserve_insertion_order = true')
  const relations = await relationsOf(database)
  const names = relations.map(fullName)
  const tables: Written[] = []
  for (const relation of relations) {
    if (tables_asked !== null && !tables_asked.includes(fullName(relation))) continue
    const file = fileNameOf(relation, format)
    const rows = await writeRelation(database, { relation, format, path: join(given.path, file) })
    tables.push({ relation, file, rows })
  }
  return { tables, absent: (tables_asked ?? []).filter((name) => !names.includes(name)) }
}
