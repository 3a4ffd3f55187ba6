import type { EpochUnit, LogType } from '../schema/log-type.ts';

/** What derived columns ask of the field that they are made from. */
export interface DerivedNeed {
  /** INTEGER: the epoch unit that it is converted by. */
  readonly unit?: EpochUnit;
  /** TIMESTAMP: it is converted to another time zone. */
  readonly zoned?: true;
}

/** What derived columns need of fields, by dotted path. */
export type DerivedNeeds = ReadonlyMap<string, DerivedNeed>;

/** Which fields feed derived columns, through however many of them, and so must stay within what a conversion can take. */
export function derivedNeeds(logType: LogType): DerivedNeeds {
  const needs = new Map<string, DerivedNeed>();
  const origin = new Map<string, string>();
  for (const column of logType.columns) {
    const field = origin.get(column.from) ?? column.from;
    origin.set(column.name, field);
    if (column.unit !== undefined)
      needs.set(field, { ...needs.get(field), unit: narrower(needs.get(field)?.unit, column.unit) });
    else if (column.timeZone !== undefined) needs.set(field, { ...needs.get(field), zoned: true });
  }
  return needs;
}

/** A field read in two units must stay within the range of both: the longer unit's is the smaller one. */
function narrower(former: EpochUnit | undefined, unit: EpochUnit): EpochUnit {
  const order: readonly EpochUnit[] = ['s', 'ms', 'us'];
  return former !== undefined && order.indexOf(former) < order.indexOf(unit) ? former : unit;
}
