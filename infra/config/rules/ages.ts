import { rule, type Rule } from './rule.ts';

const HOURS_A_DAY = 24;

/**
 * Days that rows must outlast so that an hour can still be taken up: the lookback, and a day, because lifecycle rules delete by
 * whole days and the last run of an hour may be late.
 */
function neededDays(lookbackHours: number): number {
  return Math.ceil(lookbackHours / HOURS_A_DAY) + 1;
}

/** Nothing may be deleted while a later step can still ask for it. */
export const ageRules: readonly Rule[] = [
  rule(['stagingRetentionDays', 'lookbackHours'], ({ stagingRetentionDays, lookbackHours }) =>
    stagingRetentionDays >= neededDays(lookbackHours)
      ? undefined
      : {
          key: 'stagingRetentionDays',
          expected: `at least ${neededDays(lookbackHours)} days (lookbackHours ${lookbackHours} and a day), or an hour would lose its rows before it is loaded`,
          found: String(stagingRetentionDays),
          way: `pulumi config set stagingRetentionDays ${neededDays(lookbackHours)}, or lower lookbackHours`,
        },
  ),
  rule(['sourceRetentionDays', 'lookbackHours'], ({ sourceRetentionDays, lookbackHours }) =>
    sourceRetentionDays === 0 || sourceRetentionDays >= neededDays(lookbackHours)
      ? undefined
      : {
          key: 'sourceRetentionDays',
          expected: `0 or at least ${neededDays(lookbackHours)} days (lookbackHours ${lookbackHours} and a day), or an hour would lose its logs before it is classified`,
          found: String(sourceRetentionDays),
          way: `pulumi config set sourceRetentionDays ${neededDays(lookbackHours)}, or lower lookbackHours`,
        },
  ),
  rule(['sourceRetentionDays', 'stagingRetentionDays'], ({ sourceRetentionDays, stagingRetentionDays }) =>
    sourceRetentionDays === 0 || sourceRetentionDays >= stagingRetentionDays
      ? undefined
      : {
          key: 'sourceRetentionDays',
          expected: `0 or at least stagingRetentionDays (${stagingRetentionDays}), for staging that was lost is made again from the source`,
          found: String(sourceRetentionDays),
          way: `pulumi config set sourceRetentionDays ${stagingRetentionDays}, or lower stagingRetentionDays`,
        },
  ),
];
