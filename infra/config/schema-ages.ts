import type { SchemaSet } from '../../workloads/core/schema/schema-set.ts';
import { Refusal } from '../refusal.ts';
import type { Config } from './shape.ts';

/**
 * Tables whose partitions expire while an hour of theirs can still be loaded again from staging (which outlives the lookback):
 * BigQuery drops such rows as they arrive, and no count would ever agree. One sentence each.
 */
export function schemaAgeProblems(config: Config, { types }: SchemaSet): readonly string[] {
  const { retentionDays } = config.gcp.staging;
  return types.flatMap(({ table, partition: { expirationDays } }) =>
    expirationDays === undefined || expirationDays >= retentionDays
      ? []
      : [
          `${config.schemasDir}/${table}.json: $.partition.expirationDays: expected at least ${retentionDays} ` +
            `(logferry:stagingRetentionDays, so long an hour can be loaded again), found ${expirationDays}; ` +
            'raise it, or lower the setting',
        ],
  );
}

/** @throws Refusal that lists all of `schemaAgeProblems`. */
export function assertSchemaAges(config: Config, schemas: SchemaSet): void {
  const problems = schemaAgeProblems(config, schemas);
  if (problems.length > 0)
    throw new Refusal(
      [
        `Schemas: ${problems.length} table(s) of stack ${config.environment} would lose rows; nothing was touched.`,
        ...problems,
      ].join('\n'),
    );
}
