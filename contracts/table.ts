// What a table declaration is. A table of the product is one such value in one file of contracts/tables/: its name, its
// columns with their documentation, how its rows merge, and its SQL. DDL, merge statements, comments and docs/tables.md
// are derived from it, so adding a table touches that file alone.

import type { TextColumnName } from './event.ts'

/** `HUGEINT` is for exact sums of squares in hidden columns: few programs can read it. */
export type ColumnType =
  | 'VARCHAR'
  | 'BIGINT'
  | 'UBIGINT'
  | 'HUGEINT'
  | 'INTEGER'
  | 'DOUBLE'
  | 'BOOLEAN'
  | 'DATE'
  | 'TIMESTAMP'

export interface Column {
  readonly type: ColumnType
  /** Meaning, unit, source events and what NULL means: becomes COMMENT ON COLUMN and docs/tables.md. */
  readonly doc: string
  /** Kept for merging or for derived tables, but not shown to researchers. */
  readonly hidden?: true
  /** Differs between two runs over the same plan (who computed it, how long): left out when contents are compared. */
  readonly volatile?: true
}

/**
 * A measure of a summed table and how two values merge. `first` and `last` go by (time, hash): their SQL gives
 * `{'time': …, 'hash': …, 'value': …}`, of which the published table shows the value.
 */
export interface Measure extends Column {
  readonly merge: 'sum' | 'min' | 'max' | 'first' | 'last'
}

/**
 * A column of a kept table that an expression over the merged rows may fill in, e.g. a running number by a window. It may
 * read computed columns declared before it.
 */
export interface KeptColumn extends Column {
  readonly computed?: string
}

interface Declared {
  readonly name: string
  /** What one row is, in words: "one learner on one day". */
  readonly grain: string
  /** A paragraph for researchers: what it holds, by whose rule, what to beware of. */
  readonly doc: string
  /** False for rows that only feed other tables. */
  readonly published: boolean
}

/**
 * `course`: rows belong to a course database (rows with a NULL course_id go to the site's). `site`: rows belong to the
 * site as a whole and serve all its courses.
 */
export type Scope = 'course' | 'site'

/**
 * Whose row it is. With `learner: true` the SQL over `event` gives `user_id` and `user_name` (the name only where there
 * is no id); in the merged table `user_id` is resolved over the whole site and `user_name` is gone.
 */
interface FromEvents extends Declared {
  readonly scope: Scope
  readonly learner: boolean
  /**
   * Canonical types of the events that the SQL sees as `event`, a `*` at the end standing for any rest; without the list it
   * sees all. Where none of them occurs, the SQL is not run.
   */
  readonly types?: readonly string[]
  /**
   * Text columns of which an event must have one to give a row: the SQL sees no other events, and where there are none it is not
   * run.
   */
  readonly needs?: readonly TextColumnName[]
  /**
   * The SQL reads `event.payload` of those types. Only events whose payload some table reads have one, and those that are kept
   * as such: `kept` reads theirs and asks for no other.
   */
  readonly payload?: true | 'kept'
  /** A select over `event` that gives course_id (scope `course`), user_id and user_name (learner), then the columns. */
  readonly sql: string
}

/** Group keys and measures; rows with equal keys merge. The SQL need not group: the framework does. */
export interface SummedTable extends FromEvents {
  readonly kind: 'summed'
  readonly keys: Readonly<Record<string, Column>>
  readonly measures: Readonly<Record<string, Measure>>
}

/** Compact rows that merge by union, for everything that depends on order. */
export interface KeptTable extends FromEvents {
  readonly kind: 'kept'
  readonly columns: Readonly<Record<string, KeptColumn>>
}

/**
 * A select over merged tables, run in the reducer per course. It gives every column by name; the tables it reads have
 * course_id, user_id (resolved), their keys, measures and columns, the hidden ones included.
 */
export interface DerivedTable extends Declared {
  readonly kind: 'derived'
  readonly scope: 'course'
  /** Tables that the SQL reads. */
  readonly from: readonly string[]
  readonly columns: Readonly<Record<string, Column>>
  readonly sql: string
}

/** Rows about log files themselves: they come from receipts and from the reader, not from events. */
export interface LedgerTable extends Declared {
  readonly kind: 'ledger'
  readonly scope: 'file'
  readonly columns: Readonly<Record<string, Column>>
}

/**
 * A select over published tables, which the database computes when it is asked: for what would be many rows or says
 * again what a table says, in somebody else's words.
 */
export interface View extends Declared {
  readonly kind: 'view'
  /** Schema of the course database that it stands in. */
  readonly schema: 'main' | 'insights' | 'samced'
  /** Published tables and views of schema `main` that the SQL reads, by their names. */
  readonly from: readonly string[]
  readonly columns: Readonly<Record<string, Column>>
  readonly sql: string
}

export type Table = SummedTable | KeptTable | DerivedTable | LedgerTable
