import { UsageError } from './errors.ts';
import { suggestion } from './suggestion.ts';

/** Which setting a URL comes from and what it may say behind `?`; for messages. */
export interface ParameterRules {
  /** `--source`. */
  readonly what: string;
  /** With its article: `an s3 URL`. */
  readonly kind: string;
  readonly known: readonly string[];
}

/**
 * What stands behind the `?` of a URL, by name.
 * @throws UsageError for a name that is not known, one that comes twice, and one without a value.
 */
export function urlParameters(
  query: string | undefined,
  { what, kind, known }: ParameterRules,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!known.includes(name))
      throw new UsageError(
        `${what}: unknown parameter "${name}" of ${kind}${suggestion(name, known)} (known: ${known.join(', ')})`,
      );
    if (found.has(name) || value === '')
      throw new UsageError(`${what}: expected one value of ${name}, found "${query ?? ''}"`);
    found.set(name, value);
  }
  return found;
}

/** @throws UsageError for an address that is none of a service, or that carries a password. */
export function assertEndpoint(what: string, endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const plain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return;
  throw new UsageError(`${what}: expected endpoint=https://<host>[:<port>], found "${endpoint}"`);
}
