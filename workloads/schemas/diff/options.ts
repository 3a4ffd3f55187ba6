import type { LogType, OnMisfit } from '../../core/schema/log-type.ts';
import type { ChangeKind, SchemaChange } from './change.ts';

type Change = Omit<SchemaChange, 'table'>;

/** Differences of all that is neither field nor derived column. */
export function diffOptions(before: LogType, after: LogType): Change[] {
  const changes: Change[] = [];
  const compare = (path: string, was: string, is: string, kind: ChangeKind): void => {
    if (was !== is) changes.push({ path: `$.${path}`, kind, what: `was ${was}, is ${is}` });
  };
  // The table would be filled from other rows than those it holds.
  compare('type', `"${before.type}"`, `"${after.type}"`, 'breaking');
  compare('lane', before.lane, after.lane, 'cosmetic');
  compare('onMisfit', spellOnMisfit(before.onMisfit), spellOnMisfit(after.onMisfit), 'cosmetic');
  if (before.description !== after.description) {
    changes.push({ path: '$.description', kind: 'cosmetic', what: 'description changed' });
  }
  compare(
    'unknownFields',
    before.unknownFields,
    after.unknownFields,
    after.unknownFields === 'keep' ? 'additive' : 'breaking',
  );
  compare('partition.by', before.partition.by, after.partition.by, 'breaking');
  compare('partition.expirationDays', days(before), days(after), expirationKind(before, after));
  const [filtered, filters] = [before.partition.requireFilter, after.partition.requireFilter];
  compare('partition.requireFilter', String(filtered), String(filters), filters ? 'breaking' : 'additive');
  // BigQuery changes clustering in place; only new data follows it at once.
  compare('clustering', list(before.clustering), list(after.clustering), 'cosmetic');
  return changes;
}

/** A sooner expiration deletes partitions that were to stay. */
function expirationKind(before: LogType, after: LogType): ChangeKind {
  const [was, is] = [before.partition.expirationDays ?? Infinity, after.partition.expirationDays ?? Infinity];
  return is < was ? 'breaking' : 'additive';
}

function days({ partition: { expirationDays } }: LogType): string {
  return expirationDays === undefined ? 'never' : `after ${expirationDays} days`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function spellOnMisfit(onMisfit: OnMisfit): string {
  return onMisfit.action === 'fail' ? 'fail' : `setAside up to ${Number((onMisfit.limit * 100).toFixed(6))}%`;
}
