import { canonicalJson, sha256 } from '../../workloads/core/digest.ts';
import { Refusal } from '../refusal.ts';
import { breakingChanges, type BreakingChange } from './breaking-changes.ts';
import { tableOf, type DeployedSchemas } from './deployed.ts';

/** What the operator said about breaking changes. */
export interface Acceptance {
  /** The stack's name. */
  readonly environment: string;
  /** `<table>@<digest>` for each break that is deliberate. */
  readonly acceptBreaking: readonly string[];
}

/**
 * Lets a run go on only where no table would lose data or be made anew, save those that the operator names. Called before anything
 * is registered, because the provider drops columns in place and says so only in the preview. An acceptance names what the table
 * is and what it becomes, so that one which stays in the settings does no harm: a later break, even back to the same schema, has
 * another digest.
 * @throws Refusal that lists every breaking change and the ways out
 */
export function refuseBreakingChanges(
  deployed: DeployedSchemas | undefined,
  wanted: DeployedSchemas,
  { environment, acceptBreaking }: Acceptance,
): void {
  if (deployed === undefined) return;
  const changes = breakingChanges(deployed, wanted);
  const refused = changes.filter(
    ({ table }) => !acceptBreaking.includes(acceptanceOf(table, deployed, wanted)),
  );
  if (refused.length > 0) {
    const acceptances = tablesOf(refused).map((table) => acceptanceOf(table, deployed, wanted));
    throw new Refusal(refusedText(refused, acceptances, environment).join('\n'));
  }
}

function tablesOf(changes: readonly BreakingChange[]): readonly string[] {
  return [...new Set(changes.map(({ table }) => table))];
}

/** What to write into `logferry:acceptBreaking` for a table to become what the schemas want, or to go. */
function acceptanceOf(table: string, deployed: DeployedSchemas, wanted: DeployedSchemas): string {
  const change = [tableOf(deployed, table) ?? null, tableOf(wanted, table) ?? null];
  return `${table}@${sha256(canonicalJson(change)).slice(0, DIGEST_LENGTH)}`;
}

/** Hexadecimal digits: enough to tell the few breaks of one table apart. */
const DIGEST_LENGTH = 8;

function refusedText(
  changes: readonly BreakingChange[],
  acceptances: readonly string[],
  environment: string,
): string[] {
  return [
    `Schemas: ${changes.length} breaking change(s) against what stack ${environment} has deployed; nothing was touched.`,
    ...changes.map(
      ({ path, deployed, wanted: becomes, consequence }) =>
        `- ${path}: deployed is ${deployed}, the schemas say ${becomes}; ${consequence}.`,
    ),
    'Ways out: keep what is deployed and add another column beside it; or make a new log type with a table of its own; or move the',
    'rows by hand (docs/deploy.md, "Breaking a schema on purpose") and then accept exactly this change:',
    `logferry:acceptBreaking: ${JSON.stringify(acceptances)}`,
  ];
}
