import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertSchemaAges, schemaAgeProblems } from '../../../infra/config.ts';
import { parseConfig } from '../../../infra/config/parse.ts';
import { loadSchemas, SchemaSet } from '../../../workloads/core/schema/schema-set.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { given } from './given.ts';

/** A schema file's text with this partitioning. */
function schemaText(partition: object): string {
  return JSON.stringify({ fields: [{ name: 'log_type', type: 'STRING' }], partition });
}

function schemas(partitions: Readonly<Record<string, object>>): SchemaSet {
  return new SchemaSet(
    Object.entries(partitions).map(([table, partition]) => {
      const parsed = parseLogType(`${table}.json`, schemaText(partition));
      if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
      return parsed.logType;
    }),
  );
}

describe('partitions that expire', () => {
  const config = (settings: Record<string, string>) => parseConfig(given(settings), 'dev');

  it('not before the staging that they may be loaded from again', () => {
    const set = schemas({
      a: {},
      b: { expirationDays: 14 },
      c: { expirationDays: 13 },
      d: { by: 'HOUR', expirationDays: 1 },
    });
    assert.deepEqual(schemaAgeProblems(config({}), set), [
      'schemas/c.json: $.partition.expirationDays: expected at least 14 (logferry:stagingRetentionDays, so long an hour can be loaded again), found 13; raise it, or lower the setting',
      'schemas/d.json: $.partition.expirationDays: expected at least 14 (logferry:stagingRetentionDays, so long an hour can be loaded again), found 1; raise it, or lower the setting',
    ]);
  });

  it('all tables at once, as one refusal', () => {
    const set = schemas({ a: { expirationDays: 1 }, b: { expirationDays: 400 } });
    assert.throws(() => assertSchemaAges(config({ schemasDir: 'types' }), set), {
      name: 'Refusal',
      message: [
        'Schemas: 1 table(s) of stack dev would lose rows; nothing was touched.',
        'types/a.json: $.partition.expirationDays: expected at least 14 (logferry:stagingRetentionDays, so long an hour can be loaded again), found 1; raise it, or lower the setting',
      ].join('\n'),
    });
    assert.doesNotThrow(() => assertSchemaAges(config({}), schemas({ b: { expirationDays: 400 } })));
  });

  it('more partitions than BigQuery keeps are a schema error', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'logferry-test-'));
    try {
      await writeFile(join(folder, 'a.json'), schemaText({ by: 'HOUR', expirationDays: 417 }));
      await assert.rejects(loadSchemas(folder), {
        message: `Schemas: 1 problem(s) in ${folder}\n${folder}/a.json: $.partition.expirationDays: expected at most 416 days with "by": "HOUR" (BigQuery: 10,000 partitions a table), found 417`,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
