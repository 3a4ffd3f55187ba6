import { TerminalError } from '../core/errors.ts';
import type { Manifest, ManifestType } from '../core/manifest.ts';
import type { SchemaSet } from '../core/schema/schema-set.ts';

/**
 * Every type of the schema set and of the former manifest, by table: also those without a row, so that stale ones are removed.
 * @param entryOf What the new epoch holds of a type.
 */
export function manifestTypes(
  former: Manifest | undefined,
  schemas: SchemaSet,
  entryOf: (type: string, table: string) => ManifestType,
): ManifestType[] {
  const tables = new Map([
    ...(former?.types ?? []).map(({ type, table }) => [type, table] as const),
    ...schemas.types.map(({ type, table }) => [type, table] as const),
  ]);
  return [...tables]
    .map(([type, table]) => entryOf(type, table))
    .sort((a, b) => (a.table < b.table ? -1 : 1));
}

/**
 * A table belongs to one type for good, and a type to one table: rows are replaced by table and counted by type, so a change of
 * either would delete another type's rows or leave the same rows in two tables.
 * @throws TerminalError that names the file.
 */
export function assertTablesKept(former: Manifest | undefined, schemas: SchemaSet): void {
  for (const { type, table } of former?.types ?? []) {
    const owner = schemas.types.find((logType) => logType.table === table);
    const moved = schemas.get(type);
    const problem =
      owner !== undefined && owner.type !== type
        ? `${table}.json: expected the type "${type}", which its table holds since epoch ${former!.epoch}, found "${owner.type}"`
        : moved !== undefined && moved.table !== table
          ? `${moved.table}.json: expected the type "${type}" to stay in table ${table}, where it is since epoch ${former!.epoch}`
          : undefined;
    if (problem === undefined) continue;
    throw new TerminalError(`Hour ${former!.hour}: ${problem}`, {
      advice:
        'Keep the file’s name and its type together. A new value of the type key needs a file of its own.',
      context: { hour: former!.hour, type },
    });
  }
}
