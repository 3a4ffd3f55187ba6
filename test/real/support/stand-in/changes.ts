import { isDeepStrictEqual } from 'node:util';
import { isObject } from './wire.ts';

/** One difference between two sets of inputs. `path` is as Pulumi shows it: `labels.team`, `fields[0].name`. */
export interface Change {
  readonly path: string;
  readonly kind: 'add' | 'delete' | 'update';
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Every leaf that differs; a list whose length changed differs as a whole. */
export function changesBetween(before: unknown, after: unknown, path = ''): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ path, kind: 'add' }];
  if (after === undefined) return [{ path, kind: 'delete' }];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changesBetween(before[key], after[key], join(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => changesBetween(item, after[index], `${path}[${index}]`));
  return [{ path, kind: 'update' }];
}

/** Whether a change at `path` is at, below or above `rule`; list places do not count (`spec[0].name` is below `spec`). */
export function touches(path: string, rule: string): boolean {
  const plain = path.replaceAll(/\[\d+\]/g, '');
  return plain === rule || plain.startsWith(`${rule}.`) || rule.startsWith(`${plain}.`);
}
