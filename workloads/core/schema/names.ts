/** BigQuery: a column name is a letter or _, then letters, digits, _ ; at most 300 characters, of which logferry allows 128. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** BigQuery: "You can't use any of the following prefixes as a column name", compared without case. */
const RESERVED_PREFIXES = ['_table_', '_file_', '_partition', '_row_timestamp', '__root__', '_colidentifier'];

/** What logferry itself adds to a table. */
const RESERVED_COLUMNS = new Set(['folder_hour', 'loaded_at', 'unknown_fields']);

/** The tables that live beside the typed ones; and TEMP's mark, so that no type's table can be taken for another's TEMP. */
const TEMP_MARK = /_temp_[0-9]{10}_/i;

/** Why a column may not have this name, or undefined where it may. */
export function columnNameProblem(name: string): string | undefined {
  if (!NAME.test(name)) return 'a letter or _, then letters, digits and _, at most 128';
  const lower = name.toLowerCase();
  if (RESERVED_COLUMNS.has(lower))
    return 'a name that logferry does not add itself (folder_hour, loaded_at, unknown_fields)';
  const prefix = RESERVED_PREFIXES.find((reserved) => lower.startsWith(reserved));
  return prefix === undefined
    ? undefined
    : `a name without BigQuery's reserved prefix ${prefix.toUpperCase()}`;
}

/** Why a table may not have this name, or undefined where it may. */
export function tableNameProblem(name: string): string | undefined {
  if (!NAME.test(name))
    return 'a file name of a letter or _, then letters, digits and _, at most 128, then .json';
  return TEMP_MARK.test(name)
    ? 'a name that does not look like a TEMP table (<type>_TEMP_<hour>_...)'
    : undefined;
}
