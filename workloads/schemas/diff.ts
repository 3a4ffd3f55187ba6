import { compareUtf8 } from '../core/digest.ts';
import type { LogType } from '../core/schema/log-type.ts';
import { byTable } from './diff/by-name.ts';
import type { SchemaChange } from './diff/change.ts';
import { diffColumns } from './diff/columns.ts';
import { diffFields } from './diff/fields.ts';
import { diffOptions } from './diff/options.ts';

export type { ChangeKind, SchemaChange } from './diff/change.ts';

/** All differences, sorted by table, path, kind, and text. Types are the same where their tables are. */
export function diffSchemas(before: readonly LogType[], after: readonly LogType[]): SchemaChange[] {
  const [former, latter] = [byTable(before), byTable(after)];
  const changes = [...new Set([...former.keys(), ...latter.keys()])].flatMap((table) =>
    diffType(former.get(table), latter.get(table)).map((change): SchemaChange => ({ table, ...change })),
  );
  const keys = ['table', 'path', 'kind', 'what'] as const;
  return changes.sort((a, b) => keys.reduce((order, key) => order || compareUtf8(a[key], b[key]), 0));
}

function diffType(before: LogType | undefined, after: LogType | undefined): Omit<SchemaChange, 'table'>[] {
  if (before === undefined) return [{ path: '$', kind: 'additive', what: `new type "${after?.type ?? ''}"` }];
  if (after === undefined) return [{ path: '$', kind: 'breaking', what: `type "${before.type}" removed` }];
  return [
    ...diffFields(before.fields, after.fields, '$.fields'),
    ...diffColumns(before.columns, after.columns),
    ...diffOptions(before, after),
  ];
}
