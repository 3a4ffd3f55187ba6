import type { Recorded } from '../../../support/pulumi-mocks.ts';

/** What a resource that must not be there is. */
export const NOT_REGISTERED = Symbol('not registered');

/** Where a setting must arrive, and as what. */
export interface Reach {
  /** `type/name` of a resource, with `*` for any text; or `outputs`. */
  readonly at: string;
  /** Members from `inputs` (or the outputs, or with `options/` the options) on, divided by `/`; an element of a list by index or its `name`. */
  readonly path: string;
  /** `undefined` = no such member, `NOT_REGISTERED` = no such resource. Texts that hold JSON are compared as what they hold. */
  readonly is: unknown;
}

/** What stands at each place that a reach names; none where no such resource is registered. */
export function found({ registrations, result }: Recorded<unknown>, { at, path }: Reach): readonly unknown[] {
  if (at === 'outputs') return [follow(result, path.split('/'))];
  const form = new RegExp(`^${at.split('*').map(escaped).join('.*')}$`);
  return registrations
    .filter(({ type, name }) => form.test(`${type}/${name}`))
    .map(({ inputs, options }) => follow({ ...inputs, options }, path.split('/')));
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function follow(value: unknown, path: readonly string[]): unknown {
  const here = unfolded(value);
  const [member, ...rest] = path;
  if (member === undefined || typeof here !== 'object' || here === null)
    return path.length === 0 ? here : undefined;
  const list = Array.isArray(here) ? (here as { name?: unknown; value?: unknown }[]) : undefined;
  const named = list?.find(({ name }) => name === member);
  // An environment variable is its value.
  if (named !== undefined) return follow('value' in named ? named.value : named, rest);
  return follow((here as Record<string, unknown>)[member], rest);
}

/** A text that holds an object or a list as what it holds. */
function unfolded(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
