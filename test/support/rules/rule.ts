import type { Registration } from '../pulumi-mocks.ts';

/** A rule that people's scanners check, as a question to each resource that the program registers. */
export interface Rule {
  /** As the scanner spells it: `CKV_AWS_18`, `S3.5`. */
  readonly id: string;
  /** Whether the rule speaks of this resource at all. */
  readonly judges: (resource: Registration) => boolean;
  /** Whether the resource keeps the rule, by the inputs that the provider would get, as the scanner reads them. */
  readonly holds: (resource: Registration, all: readonly Registration[]) => boolean;
}

/** What a rule says of a program: names of the resources it judged, and of those that break it. */
export interface Verdict {
  readonly judged: readonly string[];
  readonly failing: readonly string[];
}

/** Asks a rule of everything that was registered. What is only read belongs to someone else and is not judged. */
export function verdict({ judges, holds }: Rule, registrations: readonly Registration[]): Verdict {
  const own = registrations.filter(({ options }) => options.read === undefined);
  const judged = own.filter(judges);
  return {
    judged: judged.map(({ name }) => name),
    failing: judged.filter((each) => !holds(each, own)).map(({ name }) => name),
  };
}

/** Speaks of resources of these types. */
export function ofType(...types: readonly string[]): Rule['judges'] {
  return ({ type }) => types.includes(type);
}

/**
 * The value at a path (`spec.containers.0.image`) below an unknown value, undefined where there is none; secrets are looked into.
 */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return (open(inner) as Record<string, unknown>)[key];
  }, value);
}

/** The entries of a list; none where there is no list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function open(value: object): object {
  if (!('secret' in value)) return value;
  return typeof value.secret === 'object' && value.secret !== null ? value.secret : {};
}
