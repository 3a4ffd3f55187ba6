import { canonicalJson, sha256 } from '../../workloads/core/digest.ts';
import { Refusal } from '../refusal.ts';
import { breakingChanges, type BreakingChange } from './breaking-changes.ts';
import type { DeployedSchemas } from './deployed.ts';

/** What the operator said about breaking changes. */
export interface Acceptance {
  /** The stack's name. */
  readonly environment: string;
  /** `<table>@<digest>` for each table whose break is deliberate. */
  readonly acceptBreaking: readonly string[];
}

/** In place of a digest where the table itself goes. */
const GONE = 'gone';

/**
 * Lets a run go on only where no table would lose data or be made anew, save those that the operator names. Called before anything
 * is registered, because the provider drops columns in place and says so only in the preview. An acceptance names what the table
 * becomes, so that one which stays in the settings does no harm: a later break has another digest.
 * @throws Refusal that lists every breaking change and the ways out
 */
export function refuseBreakingChanges(
  deployed: DeployedSchemas | undefined,
  wanted: DeployedSchemas,
  { environment, acceptBreaking }: Acceptance,
): void {
  const changes = deployed === undefined ? [] : breakingChanges(deployed, wanted);
  const refused = changes.filter(({ table }) => !acceptBreaking.includes(acceptanceOf(table, wanted)));
  if (refused.length > 0) throw new Refusal(refusedText(refused, wanted, environment).join('\n'));
}

/** What to write into `logferry:acceptBreaking` for a table to become what the schemas want. */
function acceptanceOf(table: string, wanted: DeployedSchemas): string {
  const becomes = wanted.tables[table];
  return `${table}@${becomes === undefined ? GONE : sha256(canonicalJson(becomes)).slice(0, DIGEST_LENGTH)}`;
}

/** Hexadecimal digits: enough to tell the few breaks of one table apart. */
const DIGEST_LENGTH = 8;

function refusedText(
  changes: readonly BreakingChange[],
  wanted: DeployedSchemas,
  environment: string,
): string[] {
  const tables = [...new Set(changes.map(({ table }) => table))];
  return [
    `Schemas: ${changes.length} breaking change(s) against what stack ${environment} has deployed; nothing was touched.`,
    ...changes.map(
      ({ path, deployed, wanted: becomes, consequence }) =>
        `- ${path}: deployed is ${deployed}, the schemas say ${becomes}; ${consequence}.`,
    ),
    'Ways out: keep what is deployed and add another column beside it; or make a new log type with a table of its own; or move the',
    'rows by hand (docs/deploy.md, "Breaking a schema on purpose") and then accept exactly this change:',
    `logferry:acceptBreaking: ${JSON.stringify(tables.map((table) => acceptanceOf(table, wanted)))}`,
  ];
}
