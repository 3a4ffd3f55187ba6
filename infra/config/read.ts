import { PROJECT, type ConfigKey } from './definitions.ts';
import type { KeyDefinition, ListKey, TextKey } from './definition.ts';
import type { Problem } from './problem.ts';
import { suggestion } from '../../workloads/core/suggestion.ts';

export type ReadValue = { readonly value: unknown } | { readonly problem: Problem };

/** Longer values are cut in messages, in characters. */
const SHOWN = 80;

/** A value as a message shows it. */
export function shown(value: string): string {
  return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value);
}

/** The full name, as `pulumi config` prints it. */
export function fullKey(key: ConfigKey): string {
  return `${PROJECT}:${key}`;
}

/** What to do about a wrong value of a key. */
export function wayOut(key: ConfigKey, definition: KeyDefinition): string {
  switch (definition.type) {
    case 'string':
      return definition.way ?? `pulumi config set ${key} ${definition.example}`;
    case 'array':
      return definition.way ?? `pulumi config set --path '${key}[0]' ${definition.example}`;
    case 'integer':
      return `pulumi config set ${key} ${definition.default}`;
    case 'boolean':
      return `pulumi config set ${key} <true or false>`;
  }
}

/**
 * One key's value.
 * @param given As the engine hands it over: lists as JSON. undefined = not set.
 * @param secret Whether it is encrypted in the stack file; then no message shows it.
 */
export function readValue(
  key: ConfigKey,
  definition: KeyDefinition,
  given: string | undefined,
  secret: boolean,
): ReadValue {
  const wrong = (expected: string, found: string): ReadValue => ({
    problem: { key: fullKey(key), expected, found, way: wayOut(key, definition) },
  });
  if (given === undefined || (given === '' && definition.default === undefined)) {
    if (definition.default !== undefined) return { value: definition.default };
    return wrong(definition.expected, 'nothing');
  }
  if (definition.secret && given !== '' && !secret)
    return wrong('an encrypted value', 'one in plain text in the stack file');
  const read = readAs(definition, given);
  if (!('expected' in read)) return read;
  const hidden = secret || ('unshown' in definition && definition.unshown);
  return wrong(read.expected, hidden ? 'a value that is not shown' : (read.found ?? shown(given)));
}

type Read = { readonly value: unknown } | { readonly expected: string; readonly found?: string };

function readAs(definition: KeyDefinition, given: string): Read {
  switch (definition.type) {
    case 'string':
      return readText(definition, given);
    case 'boolean':
      return given === 'true' || given === 'false'
        ? { value: given === 'true' }
        : { expected: 'true or false' };
    case 'integer': {
      const { min, max, unit } = definition;
      const number = /^(0|[1-9]\d{0,9})$/.test(given) ? Number(given) : -1;
      return number >= min && number <= max
        ? { value: number }
        : { expected: `a whole number from ${min} to ${max} (${unit})` };
    }
    case 'array':
      return readList(definition, given);
  }
}

function readText(definition: TextKey, given: string): Read {
  const { choices, near, check, expected } = definition;
  if (given === '' && definition.default === '') return { value: '' };
  const broken = choices === undefined || choices.includes(given) ? check?.(given) : expected;
  return broken === undefined
    ? { value: given }
    : { expected: broken, found: `${shown(given)}${suggestion(given, near ?? choices ?? [])}` };
}

function readList({ check, expected }: ListKey, given: string): Read {
  const items = listOf(given);
  if (items === undefined) return { expected: `a list of ${expected}` };
  const broken = items.map((item) => ({ item, expected: check?.(item) })).find((each) => each.expected);
  return broken?.expected === undefined
    ? { value: items }
    : { expected: broken.expected, found: `the item ${shown(broken.item)}` };
}

function listOf(given: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(given);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
