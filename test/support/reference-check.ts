import type { Field, LogType } from '../../workloads/core/schema/log-type.ts';
import { scalarProblem, type Scalar, type Need } from './reference-scalars.ts';

/**
 * The row check written again, slow and plain: JSON.parse does the grammar, and rules are looked up in trees of JavaScript values.
 * It shares no code with the product, so that a mistake would have to be made twice.
 */

/** A number as the row spells it. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Ends a key that came before in its object, so that JSON.parse keeps both; no generated key holds it. */
const AGAIN = '\uE000';

/** `reason field` of each misfit, sorted, without doubles; nesting is not judged. */
export function referenceMisfits(logType: LogType, row: string): string[] {
  let value: unknown;
  try {
    JSON.parse(row);
    value = JSON.parse(withDuplicatesMarked(row), reviveNumber as (key: string, value: unknown) => unknown);
  } catch {
    return ['syntax '];
  }
  const walk = new Walk(logType);
  walk.record(logType.fields, value, '', '');
  return [...walk.found].sort();
}

function reviveNumber(_key: string, value: unknown, context: { source: string }): unknown {
  return typeof value === 'number' ? new NumberText(context.source) : value;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** The text with a mark on every key that its object already has. Only for text that is JSON. */
function withDuplicatesMarked(row: string): string {
  const open: (Map<string, number> | undefined)[] = [];
  const tokens = row.match(TOKEN) ?? [];
  return tokens
    .map((token, index) => {
      if (token === '{') open.push(new Map());
      else if (token === '[') open.push(undefined);
      else if (token === '}' || token === ']') open.pop();
      const keys = open.at(-1);
      if (keys === undefined || !token.startsWith('"') || tokens[index + 1] !== ':') return token;
      const key = JSON.parse(token) as string;
      const times = keys.get(key) ?? 0;
      keys.set(key, times + 1);
      return JSON.stringify(key + AGAIN.repeat(times));
    })
    .join(' ');
}

interface Member {
  readonly key: string;
  readonly value: unknown;
  /** The key came before. */
  readonly again: boolean;
}

function membersOf(object: object): Member[] {
  return Object.entries(object as Record<string, unknown>).map(([marked, value]) => {
    const key = marked.replaceAll(AGAIN, '');
    return { key, value, again: key !== marked };
  });
}

function isObject(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}

class Walk {
  readonly found = new Set<string>();
  readonly #logType: LogType;
  readonly #keptPaths = new Set<string>();

  constructor(logType: LogType) {
    this.#logType = logType;
  }

  /** @param path With the indices of the row. @param schemaPath Without. */
  record(fields: readonly Field[], value: unknown, path: string, schemaPath: string): void {
    if (!isObject(value)) {
      this.#add('type', path);
      return;
    }
    const members = membersOf(value);
    for (const { key, value: inner, again } of members) {
      const field = fields.find(({ name }) => name === key);
      const at = join(path, key);
      if (field === undefined) this.#unknown(key, inner, at);
      else {
        if (again) this.#add('duplicate_key', at);
        this.#field(field, inner, at, join(schemaPath, key));
      }
    }
    for (const { name, mode } of fields) {
      if (mode === 'REQUIRED' && !members.some(({ key }) => key === name))
        this.#add('required', join(path, name));
    }
  }

  #unknown(key: string, value: unknown, path: string): void {
    if (this.#logType.unknownFields === 'reject') {
      this.#add('unknown_field', path);
      return;
    }
    if (!key.isWellFormed()) this.#add('lone_surrogate', path);
    else if (this.#keptPaths.has(path)) this.#add('duplicate_key', path);
    else this.#keptPaths.add(path);
    this.#json(value, path);
  }

  #field(field: Field, value: unknown, path: string, schemaPath: string): void {
    if (field.mode === 'REPEATED') {
      if (!Array.isArray(value)) {
        this.#add('type', path);
        return;
      }
      value.forEach((element: unknown, index) => {
        if (element === null) this.#add('null_in_array', `${path}[${index}]`);
        else this.#value(field, element, `${path}[${index}]`, schemaPath);
      });
    } else if (value !== null) this.#value(field, value, path, schemaPath);
    else if (field.mode === 'REQUIRED') this.#add('required', path);
  }

  #value(field: Field, value: unknown, path: string, schemaPath: string): void {
    if (field.type === 'RECORD') {
      this.record(field.fields ?? [], value, path, schemaPath);
      return;
    }
    if (field.type === 'JSON') {
      this.#json(value, path);
      return;
    }
    const scalar = scalarOf(value);
    const problem = scalar === undefined ? 'type' : scalarProblem(field, scalar, this.#need(schemaPath));
    if (problem !== undefined) this.#add(problem, path);
  }

  #json(value: unknown, path: string): void {
    if (Array.isArray(value))
      value.forEach((element: unknown, index) => this.#json(element, `${path}[${index}]`));
    else if (isObject(value)) {
      for (const { key, value: inner, again } of membersOf(value)) {
        if (!key.isWellFormed()) this.#add('lone_surrogate', join(path, key));
        else if (again) this.#add('duplicate_key', join(path, key));
        this.#json(inner, join(path, key));
      }
    } else if (value !== null) {
      const problem = scalarProblem({ type: 'JSON' }, scalarOf(value)!, {});
      if (problem !== undefined) this.#add(problem, path);
    }
  }

  /** What the derived columns ask of a field, directly or through each other. */
  #need(schemaPath: string): Need {
    const units: string[] = [];
    let zoned = false;
    const sources = new Set([schemaPath]);
    for (const { name, from, unit, timeZone } of this.#logType.columns) {
      if (!sources.has(from)) continue;
      sources.add(name);
      if (unit !== undefined) units.push(unit);
      else if (timeZone !== undefined) zoned = true;
    }
    return { units, zoned };
  }

  #add(reason: string, path: string): void {
    this.found.add(`${reason} ${path.toWellFormed()}`);
  }
}

function scalarOf(value: unknown): Scalar | undefined {
  if (value instanceof NumberText) return { kind: 'number', text: value.text };
  if (typeof value === 'string') return { kind: 'string', text: value };
  return typeof value === 'boolean' ? { kind: 'boolean', text: String(value) } : undefined;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
