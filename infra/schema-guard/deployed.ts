import type { DerivedColumn, Field, LogType } from '../../workloads/core/schema/log-type.ts';
import { tableFields } from '../../workloads/core/schema/log-type.ts';
import { fieldsByName } from '../../workloads/core/schema/cover.ts';
import type { SchemaSet } from '../../workloads/core/schema/schema-set.ts';

/** A column as it was deployed; descriptions are left out, for they change freely. */
export type DeployedField = Pick<Field, 'name' | 'type' | 'mode'> & {
  readonly fields?: readonly DeployedField[];
};

/** A table as the last `pulumi up` left it: what a later one must not break. */
export interface DeployedTable {
  readonly type: string;
  readonly fields: readonly DeployedField[];
  /** How derived columns come about, by name: another way would give one column two meanings. */
  readonly derived: Readonly<Record<string, Omit<DerivedColumn, 'name' | 'description'>>>;
  readonly partition: { readonly by: 'DAY' | 'HOUR'; readonly expirationDays?: number };
}

/** The stack output that the next run compares with. `form` counts up when its shape changes. */
export interface DeployedSchemas {
  readonly form: 1;
  /** By table. */
  readonly tables: Readonly<Record<string, DeployedTable>>;
}

/** A table may have any name, `constructor` too, so that only own properties are tables. */
export function tableOf(schemas: DeployedSchemas, table: string): DeployedTable | undefined {
  return Object.hasOwn(schemas.tables, table) ? schemas.tables[table] : undefined;
}

/** A log type with its table's columns in the order that the table has them. */
export interface TableSpec {
  readonly logType: LogType;
  readonly fields: readonly Field[];
}

/**
 * The columns that the schema wants, those that the table has already first and in the table's order and spelling. BigQuery adds
 * columns at the end, so any other order would show as a change in each preview.
 */
export function inDeployedOrder(
  deployed: readonly DeployedField[],
  wanted: readonly Field[],
): readonly Field[] {
  const byName = fieldsByName(wanted);
  const known = fieldsByName(deployed);
  const kept = deployed.flatMap(({ name, fields }): Field[] => {
    const field = byName.get(name);
    if (field === undefined) return [];
    if (field.fields === undefined) return [{ ...field, name }];
    return [{ ...field, name, fields: inDeployedOrder(fields ?? [], field.fields) }];
  });
  return [...kept, ...wanted.filter(({ name }) => known.get(name) === undefined)];
}

/** What each table is to be: the schema's columns, in the deployed order where there is one. */
export function tableSpecs(deployed: DeployedSchemas | undefined, schemas: SchemaSet): readonly TableSpec[] {
  return schemas.types.map((logType) => ({
    logType,
    fields: inDeployedOrder(
      (deployed && tableOf(deployed, logType.table))?.fields ?? [],
      tableFields(logType),
    ),
  }));
}

/** What the next run will compare with. */
export function deployedAs(specs: readonly TableSpec[]): DeployedSchemas {
  return {
    form: 1,
    tables: Object.fromEntries(
      specs.map(({ logType, fields }) => {
        const { by, expirationDays } = logType.partition;
        const table: DeployedTable = {
          type: logType.type,
          fields: fields.map(deployedField),
          derived: Object.fromEntries(logType.columns.map(derivation)),
          partition: expirationDays === undefined ? { by } : { by, expirationDays },
        };
        return [logType.table, table];
      }),
    ),
  };
}

function derivation({
  name,
  from,
  as,
  unit,
  timeZone,
  path,
}: DerivedColumn): [string, DeployedTable['derived'][string]] {
  const options = { ...(unit && { unit }), ...(timeZone && { timeZone }), ...(path && { path }) };
  return [name, { from, as, ...options }];
}

function deployedField({ name, type, mode, fields }: Field): DeployedField {
  return fields === undefined
    ? { name, type, mode }
    : { name, type, mode, fields: fields.map(deployedField) };
}

/**
 * Tables whose partitions expire as deployed and whose schema no longer says so. The provider leaves an expiration that is no longer
 * mentioned as it is, so it has to be told.
 */
export function expirationEnds(
  deployed: DeployedSchemas | undefined,
  specs: readonly TableSpec[],
): readonly string[] {
  return specs
    .filter(
      ({ logType: { table, partition } }) =>
        partition.expirationDays === undefined &&
        (deployed && tableOf(deployed, table))?.partition.expirationDays !== undefined,
    )
    .map(({ logType }) => logType.table);
}
