import type { ByteView } from '../bytes/byte-view.ts';
import type { Field, LogType } from '../schema/log-type.ts';
import type { Names } from '../sql/names.ts';
import type { ObjectStore } from './object-store.ts';

export type SqlValue = string | number | null;
/** A result row: timestamps as `2026-11-20T14:00:00Z`, integers as numbers. */
export type Row = Readonly<Record<string, SqlValue>>;

/** One statement in the SQL that BigQuery and DuckDB share (design 5.5), with named parameters `@x`. */
export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number | null>>;
  /** What its job is labelled with where the warehouse has jobs; values as `labelValue` makes them. */
  readonly labels?: JobLabels;
}

/** Labels of a job, so that cost is told by type, hour and epoch. */
export type JobLabels = Readonly<Record<string, string>>;

/** One load job: NDJSON objects, all of whose rows passed the row check, into one TEMP table, which is made anew. */
export interface LoadJob {
  /** The same for the same work, so that a lost answer can be asked for again (design 5.4). */
  readonly jobId: string;
  /** Bare name of the TEMP table. */
  readonly temp: string;
  /** The typed table that the rows go into from there; none for rejects. */
  readonly into?: string;
  readonly fields: readonly Field[];
  readonly store: ObjectStore;
  readonly objects: readonly JobObject[];
  /** Rows of these fields that the warehouse took while they were checked; there are no objects then. */
  readonly taken?: TakenRows;
  readonly labels: JobLabels;
}

/** Rows that a warehouse takes one by one, as they pass the row check, so that nobody reads their objects a second time. */
export interface TakenRows {
  readonly rows: number;
  /** Bytes that they take on local disk until they are given up. */
  readonly held: number;
  /** @param view A row that passed the check; looked at during the call only. */
  add(view: ByteView): void;
  /** No more rows come: what is not needed to load them is let go. */
  end(): void;
  /** They are not needed any more, or no use: gives the disk back. */
  discard(): void;
}

/** An object of a load job, with its rows. */
export interface JobObject {
  readonly key: string;
  readonly rows: number;
  /** Bytes as stored; undefined where nobody wrote them down, as for an index of rejects. */
  readonly size?: number;
}

/** What can be done while the warehouse is open. */
export interface WarehouseSession {
  readonly names: Names;
  /** Ledger, hour ledger, rejects table and count view are there afterwards, or it says what is missing. */
  prepareOps(): Promise<void>;
  /** The type's table and control row are there and cover the schema afterwards. @throws NotReadyError where Pulumi must act. */
  prepareTable(logType: LogType): Promise<void>;
  /** The fence of a type is there afterwards, whether or not its table is. */
  prepareControl(type: string, table: string): Promise<void>;
  /** Whether a type's fence is there now. */
  hasControl(table: string): Promise<boolean>;
  /** Whether a table of that name exists among the typed tables. */
  hasTable(table: string): Promise<boolean>;
  /** Rows that the warehouse says it stored. @throws TerminalError with everything the job reported. */
  load(job: LoadJob): Promise<number>;
  query(statement: Statement): Promise<Row[]>;
  /** Bytes that the statements would read where reading is billed, undefined where nothing is. Nothing runs. */
  estimateBytes(statements: readonly Statement[]): Promise<number | undefined>;
  /** All statements in one transaction, or none of them. @throws FencedError, TransientError on a conflict. */
  transaction(statements: readonly Statement[]): Promise<void>;
  /** A hint for near-real-time readers, never the truth (design 5.4). */
  setLabel(table: string, key: string, value: string): Promise<void>;
  labels(table: string): Promise<Readonly<Record<string, string>>>;
  dropTemp(temp: string): Promise<void>;
  /** The field list of a typed table as the warehouse has it, or undefined. */
  describe(table: string): Promise<readonly Field[] | undefined>;
}

/** Where typed rows end: BigQuery, or DuckDB in its place. All implementations pass `test/contract/warehouse.ts`. */
export interface Warehouse {
  readonly url: string;
  /**
   * Opens the warehouse for as long as `work` runs. With `readOnly` nothing is made, not even the warehouse itself.
   * @throws NotReadyError naming the holder where it stays locked; MissingWarehouseError where there is none to read.
   */
  session<T>(work: (session: WarehouseSession) => Promise<T>, options?: { readOnly?: boolean }): Promise<T>;
  /** Of a warehouse that loads from this machine: begins to take rows, outside of sessions. Others load objects by their address. */
  takeRows?(fields: readonly Field[]): TakenRows;
}
