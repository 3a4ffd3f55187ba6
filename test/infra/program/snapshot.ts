import { dump } from 'js-yaml';
import type { Recorded } from '../../support/pulumi-mocks.ts';

/** Texts that hold JSON (policies, table schemas) as what they hold, so that a diff shows the line that changed. */
function unfolded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unfolded);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unfolded(inner)]));
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return { json: unfolded(JSON.parse(value)) };
  } catch {
    return value;
  }
}

/** What a run registered and put out, as a text for people: one entry a resource, in an order that no timing changes. */
export function snapshotOf({ registrations, result }: Recorded<Record<string, unknown>>): string {
  const resources = registrations.map(
    ({ type, name, ...rest }) => [`${type}/${name}`, unfolded(rest)] as const,
  );
  const outputs = Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      // The resources show it already, and compressed bytes tell nobody anything.
      name === 'schemaGenerations' || name === 'deployedSchemas' ? '(for the next run)' : value,
    ]),
  );
  return dump(
    { outputs, resources: Object.fromEntries(resources.toSorted(([a], [b]) => (a < b ? -1 : 1))) },
    { lineWidth: 110, noRefs: true, sortKeys: false },
  );
}
