import type { Field } from '../schema/log-type.ts';

/** The tables of the ops dataset as field lists, so that Pulumi and the DuckDB adapter make them from one definition. */
const field = (name: string, type: Field['type'], mode: Field['mode'], description: string): Field => ({
  name,
  type,
  mode,
  description,
});

/** Append-only: one row for each (log type, folder hour, epoch, revision) that committed. */
export const LEDGER: readonly Field[] = [
  field('log_type', 'STRING', 'REQUIRED', 'The value of the type key.'),
  field('table_name', 'STRING', 'REQUIRED', 'The table that the rows are in.'),
  field('folder_hour', 'TIMESTAMP', 'REQUIRED', 'The UTC hour of the source folder.'),
  field('epoch', 'INTEGER', 'REQUIRED', 'Which classification of the hour.'),
  field('revision', 'INTEGER', 'REQUIRED', 'Which load of that epoch.'),
  field('state', 'STRING', 'REQUIRED', 'loaded, empty (no rows), or carried (unchanged since load_epoch).'),
  field('schema_version', 'STRING', 'REQUIRED', 'The version of the schema that the rows were loaded with.'),
  field('staged', 'INTEGER', 'REQUIRED', 'Rows in staging.'),
  field('row_count', 'INTEGER', 'REQUIRED', 'Rows in the table: staged - rejected.'),
  field('rejected', 'INTEGER', 'REQUIRED', 'Rows set aside because they break the schema.'),
  field('load_epoch', 'INTEGER', 'REQUIRED', 'The epoch whose load the rows and rejects are from.'),
  field('load_revision', 'INTEGER', 'REQUIRED', 'The revision whose load the rows and rejects are from.'),
  field('content', 'STRING', 'REQUIRED', 'SHA-256 over the staged parts: equal means the same rows.'),
  field('manifest', 'STRING', 'REQUIRED', 'SHA-256 of the manifest.'),
  field('rejects_bin', 'STRING', 'NULLABLE', 'Object in records with the rejected rows, byte for byte.'),
  field('loaded_at', 'TIMESTAMP', 'REQUIRED', 'When it was committed, UTC.'),
];

/** Append-only: what each classified hour held as a whole; the newest epoch counts. */
export const HOUR_LEDGER: readonly Field[] = [
  field('folder_hour', 'TIMESTAMP', 'REQUIRED', 'The UTC hour of the source folder.'),
  field('epoch', 'INTEGER', 'REQUIRED', 'Which classification of the hour.'),
  field('line_count', 'INTEGER', 'REQUIRED', 'Lines in the source.'),
  field('blank', 'INTEGER', 'REQUIRED', 'Lines of white space.'),
  field('staged', 'INTEGER', 'REQUIRED', 'Lines that were given to a type.'),
  field('quarantined', 'INTEGER', 'REQUIRED', 'Lines that could not be classified.'),
  field('damaged_objects', 'INTEGER', 'REQUIRED', 'Objects that could not be decoded.'),
  field('loaded_at', 'TIMESTAMP', 'REQUIRED', 'When it was written, UTC.'),
];

/** One row, seeded once: the fence that every commit of a type passes first. */
export const CONTROL: readonly Field[] = [
  field('log_type', 'STRING', 'REQUIRED', 'The value of the type key.'),
  field('attempt', 'STRING', 'REQUIRED', 'The commit that passed last.'),
];

/** The index of an object of rejected rows, as it lies in records and is loaded from there. */
export const REJECTS_INDEX: readonly Field[] = [
  field('id', 'STRING', 'REQUIRED', 'Stable id of the row.'),
  field('object', 'STRING', 'REQUIRED', 'The staged object.'),
  field('etag', 'STRING', 'REQUIRED', 'CRC-32C of the staged object.'),
  field('line', 'INTEGER', 'REQUIRED', 'The row in the staged object, from 1.'),
  field('byteOffset', 'INTEGER', 'REQUIRED', 'Of the row in the uncompressed object.'),
  field('length', 'INTEGER', 'REQUIRED', 'Bytes of the row.'),
  field('binOffset', 'INTEGER', 'REQUIRED', 'Of the row in the uncompressed bin.'),
  field('type', 'STRING', 'REQUIRED', 'The log type.'),
  field('reason', 'STRING', 'REQUIRED', 'What is wrong first: syntax, type, range, required ...'),
  field('field', 'STRING', 'NULLABLE', 'Path of the field; empty for the whole row.'),
  field('expected', 'STRING', 'NULLABLE', 'What the schema accepts there.'),
  field('found', 'STRING', 'NULLABLE', 'The beginning of what is there.'),
  field('misfits', 'JSON', 'NULLABLE', 'All that is wrong with the row.'),
  field('head', 'STRING', 'NULLABLE', 'The first KiB of the row.'),
];

/** Append-only, like the ledger; the view `rejects` shows those of the current load (docs/decisions). */
export const ALL_REJECTS: readonly Field[] = [
  field('log_type', 'STRING', 'REQUIRED', 'The value of the type key.'),
  field('folder_hour', 'TIMESTAMP', 'REQUIRED', 'The UTC hour of the source folder.'),
  field('epoch', 'INTEGER', 'REQUIRED', 'The epoch that was loaded.'),
  field('revision', 'INTEGER', 'REQUIRED', 'The load of that epoch.'),
  field('id', 'STRING', 'REQUIRED', 'Stable id of the row.'),
  field('object', 'STRING', 'REQUIRED', 'The staged object.'),
  field('line', 'INTEGER', 'REQUIRED', 'The row in the staged object, from 1.'),
  field('byte_offset', 'INTEGER', 'REQUIRED', 'Of the row in the uncompressed object.'),
  field('reason', 'STRING', 'REQUIRED', 'What is wrong first: syntax, type, range, required ...'),
  field('field', 'STRING', 'NULLABLE', 'Path of the field; empty for the whole row.'),
  field('expected', 'STRING', 'NULLABLE', 'What the schema accepts there.'),
  field('found', 'STRING', 'NULLABLE', 'The beginning of what is there.'),
  field('misfits', 'JSON', 'NULLABLE', 'All that is wrong with the row.'),
  field('head', 'STRING', 'NULLABLE', 'The first KiB of the row.'),
];

/** The shared ops tables by name; control tables come one a type. */
export const OPS_TABLES: Readonly<Record<string, readonly Field[]>> = {
  ledger: LEDGER,
  hour_ledger: HOUR_LEDGER,
  all_rejects: ALL_REJECTS,
};
