import assert from 'node:assert/strict';
import { ByteView } from '../../../workloads/core/bytes/byte-view.ts';
import type { Misfit, UnknownMember } from '../../../workloads/core/rows/misfit.ts';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import type { LogType } from '../../../workloads/core/schema/log-type.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';

/** A valid log type `t` of these fields. */
export function logTypeOf(fields: readonly object[], more: object = {}): LogType {
  const parsed = parseLogType('t.json', JSON.stringify({ fields, ...more }));
  assert.ok('logType' in parsed, JSON.stringify(parsed));
  return parsed.logType;
}

/** A log type with one field `x`. */
export function typeOfX(type: string, more: object = {}): LogType {
  return logTypeOf([{ name: 'x', type, ...more }]);
}

export interface Verdict {
  readonly misfits: readonly Misfit[];
  readonly unknown: readonly UnknownMember[];
}

/** The verdict on a row in memory, with other bytes around it. */
export function verdictOf(check: RowCheck, row: string | Buffer): Verdict {
  const bytes = Buffer.concat([Buffer.from('{"x":'), Buffer.from(row), Buffer.from('}"]1')]);
  const { misfits, unknown } = check.check(new ByteView().inMemory(bytes, 5, bytes.length - 4));
  return { misfits: [...misfits], unknown: [...unknown] };
}

export function misfitsOf(logType: LogType, row: string | Buffer): readonly Misfit[] {
  return verdictOf(new RowCheck(logType), row).misfits;
}

/** `reason field` of each misfit, in the order found. */
export function briefly(misfits: readonly Misfit[]): string[] {
  return misfits.map(({ reason, field }) => `${reason} ${field}`);
}

/** Asserts the misfits in short: `reason field`. */
export function assertMisfits(logType: LogType, row: string | Buffer, ...expected: string[]): void {
  assert.deepEqual(briefly(misfitsOf(logType, row)), expected, String(row).slice(0, 200));
}

export function assertAccepted(logType: LogType, ...rows: string[]): void {
  for (const row of rows) assertMisfits(logType, row);
}
