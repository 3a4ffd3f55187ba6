import type { LogType } from '../../core/schema/log-type.ts';

/** Things by their name, in their order. */
export function byName<T extends { readonly name: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.name, thing]));
}

/** Types by their table. */
export function byTable(types: readonly LogType[]): Map<string, LogType> {
  return new Map(types.map((logType) => [logType.table, logType]));
}

/** Whether the things that both lists have stand in another order. */
export function isReordered(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): boolean {
  const kept = [...before.keys()].filter((name) => after.has(name));
  const now = [...after.keys()].filter((name) => before.has(name));
  return kept.some((name, index) => now[index] !== name);
}
