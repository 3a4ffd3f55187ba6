import { canonicalJson } from '../../workloads/core/digest.ts';
import { fieldsByName } from '../../workloads/core/schema/cover.ts';
import { tableOf, type DeployedField, type DeployedSchemas, type DeployedTable } from './deployed.ts';

/** A change that BigQuery refuses, or that the provider would carry out by dropping data. */
export interface BreakingChange {
  readonly table: string;
  /** `purchase.items.sku`, or the table itself. */
  readonly path: string;
  /** What the deployed table has. */
  readonly deployed: string;
  /** What the schema file says now. */
  readonly wanted: string;
  readonly consequence: string;
}

type Finding = Omit<BreakingChange, 'table'>;

const GONE = 'nothing';

/** What the provider does where BigQuery cannot follow. */
const MADE_ANEW = 'the table would be made anew, empty';

/**
 * All changes from the deployed tables to the schemas that lose data or that no table can follow in place. What remains is safe:
 * new tables, new columns that are not REQUIRED, REQUIRED relaxed to NULLABLE, descriptions, longer expiration.
 */
export function breakingChanges(deployed: DeployedSchemas, wanted: DeployedSchemas): BreakingChange[] {
  return Object.entries(deployed.tables).flatMap(([table, there]) => {
    const becomes = tableOf(wanted, table);
    const findings = becomes === undefined ? [tableGone(table)] : tableChanges(table, there, becomes);
    return findings.map((finding) => ({ table, ...finding }));
  });
}

function tableGone(table: string): Finding {
  return {
    path: table,
    deployed: 'a table',
    wanted: `no schemas/${table}.json`,
    consequence: 'the table would be deleted with all its rows',
  };
}

function tableChanges(table: string, there: DeployedTable, becomes: DeployedTable): Finding[] {
  const findings = [
    ...fieldChanges(there.fields, becomes.fields, { prefix: `${table}.`, topLevel: true }),
    ...derivationChanges(table, there, becomes),
  ];
  if (there.type !== becomes.type) {
    findings.push({
      path: `${table} (type)`,
      deployed: `"${there.type}"`,
      wanted: `"${becomes.type}"`,
      consequence: 'a table belongs to one log type for good: its ledger and control row carry the name',
    });
  }
  return [...findings, ...partitionChanges(table, there.partition, becomes.partition)];
}

/** BigQuery does not see these: old rows would keep the old meaning beside new ones. */
function derivationChanges(table: string, there: DeployedTable, wanted: DeployedTable): Finding[] {
  const stays = fieldsByName(wanted.fields);
  return there.fields.flatMap(({ name }): Finding[] => {
    const [before, after] = [derivationOf(there, name), derivationOf(wanted, name)];
    if (stays.get(name) === undefined || before === after) return [];
    const consequence = 'rows that are there would keep the former meaning beside new ones with another';
    return [{ path: `${table}.${name} (derived)`, deployed: before, wanted: after, consequence }];
  });
}

/** How a column's values come about: by a derivation, or as they were logged. */
function derivationOf({ derived }: DeployedTable, column: string): string {
  // BigQuery: names of columns are alike whatever their case.
  const name = Object.keys(derived).find((each) => each.toLowerCase() === column.toLowerCase());
  return name === undefined ? 'a field of the log' : canonicalJson(derived[name]);
}

type Partition = DeployedTable['partition'];

function partitionChanges(table: string, there: Partition, wanted: Partition): Finding[] {
  const findings: Finding[] = [];
  if (there.by !== wanted.by) {
    findings.push({
      path: `${table} (partition.by)`,
      deployed: there.by,
      wanted: wanted.by,
      consequence: 'BigQuery cannot change how a table is partitioned: it would be made anew, empty',
    });
  }
  const { expirationDays } = wanted;
  if (expirationDays !== undefined && expirationDays < (there.expirationDays ?? Infinity)) {
    findings.push({
      path: `${table} (partition.expirationDays)`,
      deployed: there.expirationDays?.toString() ?? 'kept for ever',
      wanted: String(expirationDays),
      consequence: 'BigQuery deletes the partitions that are older at once',
    });
  }
  return findings;
}

function fieldChanges(
  deployed: readonly DeployedField[],
  wanted: readonly DeployedField[],
  { prefix, topLevel }: { readonly prefix: string; readonly topLevel: boolean },
): Finding[] {
  const byName = fieldsByName(wanted);
  const known = fieldsByName(deployed);
  // The provider drops top-level columns in place, and only where nothing else is added (its own "is changeable").
  const inPlace = topLevel && wanted.every(({ name }) => known.get(name) !== undefined);
  const changed = deployed.flatMap((there): Finding[] => {
    const path = `${prefix}${there.name}`;
    const field = byName.get(there.name);
    if (field === undefined) {
      const consequence = inPlace ? 'the column would be dropped with all its values' : MADE_ANEW;
      return [{ path, deployed: spell(there), wanted: GONE, consequence }];
    }
    const consequence = shapeConsequence(there, field);
    if (consequence !== undefined)
      return [{ path, deployed: spell(there), wanted: spell(field), consequence }];
    return fieldChanges(there.fields ?? [], field.fields ?? [], { prefix: `${path}.`, topLevel: false });
  });
  const added = wanted.filter(({ name, mode }) => mode === 'REQUIRED' && known.get(name) === undefined);
  return [
    ...changed,
    ...added.map((field) => ({
      path: `${prefix}${field.name}`,
      deployed: GONE,
      wanted: spell(field),
      consequence: 'BigQuery adds only NULLABLE and REPEATED columns to a table that exists',
    })),
  ];
}

function shapeConsequence(there: DeployedField, field: DeployedField): string | undefined {
  if (there.type !== field.type) return `BigQuery cannot change this type: ${MADE_ANEW}`;
  if (there.mode === field.mode || (there.mode === 'REQUIRED' && field.mode === 'NULLABLE')) return undefined;
  return 'BigQuery only relaxes REQUIRED to NULLABLE, every other change of mode it refuses';
}

function spell({ type, mode }: DeployedField): string {
  return mode === 'NULLABLE' ? type : `${type} ${mode}`;
}
