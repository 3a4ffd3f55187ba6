import { labelValue } from '../../core/labels.ts';
import type { Statement } from '../../core/ports/warehouse.ts';

/** `2026-11-20T14` of `2026-11-20T14:00:00Z`: a label's value is spelled the same on every job of an hour. */
const HOUR_CHARACTERS = 13;

/** What a query's job is labelled with: what it is for, and the type, hour and epoch that its statements tell of. */
export function queryLabels(
  purpose: 'commit' | 'query',
  statements: readonly Statement[],
): Readonly<Record<string, string>> {
  const labels: Record<string, string> = { logferry: purpose };
  for (const { params, labels: given = {} } of statements) {
    const { log_type: type, folder_hour: hour, epoch } = params;
    if (typeof type === 'string') labels.log_type = labelValue(type);
    if (typeof hour === 'string') labels.folder_hour = labelValue(hour.slice(0, HOUR_CHARACTERS));
    if (typeof epoch === 'string') labels.epoch = labelValue(epoch);
    Object.assign(labels, given);
  }
  return labels;
}
