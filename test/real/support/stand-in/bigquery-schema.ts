/** A column as BigQuery's JSON schema spells it. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Column[];
}

const modeOf = ({ mode = 'NULLABLE' }: Column): string => mode;

/**
 * Whether the real provider would make a table anew for this change of its schema (Terraform provider google 7:
 * resourceBigQueryTableSchemaIsChangeable): another type, a mode other than REQUIRED relaxed to NULLABLE, a nested column dropped. A
 * column of the top level it drops in place.
 */
export function needsNewTable(before: readonly Column[], after: readonly Column[], topLevel = true): boolean {
  return before.some((old) => {
    const now = after.find(({ name }) => name.toLowerCase() === old.name.toLowerCase());
    if (now === undefined) return !topLevel;
    const relaxed = modeOf(old) === 'REQUIRED' && modeOf(now) === 'NULLABLE';
    if (old.type !== now.type || (modeOf(old) !== modeOf(now) && !relaxed)) return true;
    return needsNewTable(old.fields ?? [], now.fields ?? [], false);
  });
}

/** The columns of a table's `schema`; none while a preview does not know it. */
export function columnsOf(schema: unknown): readonly Column[] {
  try {
    return typeof schema === 'string' ? (JSON.parse(schema) as readonly Column[]) : [];
  } catch {
    return [];
  }
}
