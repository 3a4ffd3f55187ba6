import type { Values } from '../definitions.ts';
import type { Problem } from '../problem.ts';
import { shown } from '../read.ts';

/** Settings of the providers that name a place which logferry has settings of its own for. */
const TWINS = [
  { foreign: 'aws:region', own: 'awsRegion' },
  { foreign: 'gcp:project', own: 'gcpProject' },
  { foreign: 'gcp:region', own: 'stagingLocation' },
] as const;

/**
 * Settings of Pulumi's own providers have no say, because the program makes each provider itself. One that says something else
 * would mislead whoever reads the stack file.
 */
export function foreignProblems(
  given: Readonly<Record<string, string>>,
  values: Partial<Values>,
  secretKeys: ReadonlySet<string>,
): Problem[] {
  return TWINS.flatMap(({ foreign, own }) => {
    const theirs = given[foreign];
    const ours = values[own];
    if (theirs === undefined || ours === undefined || theirs === ours) return [];
    return [
      {
        key: foreign,
        expected: `nothing, or what logferry:${own} says (${ours})`,
        found: secretKeys.has(foreign) ? 'a value that is not shown' : shown(theirs),
        way: `pulumi config rm ${foreign}`,
      },
    ];
  });
}
