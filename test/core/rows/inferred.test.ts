import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DirectoryStore } from '../../../workloads/adapters/directory/directory-store.ts';
import { parseHour } from '../../../workloads/core/hour.ts';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { Scratch } from '../../../workloads/core/scratch/scratch.ts';
import { inferSchemas } from '../../../workloads/schemas/infer.ts';
import { tempFolder } from '../../support/temp.ts';
import { randomRow, randomSchema } from './random-rows.ts';
import { logTypeOf, verdictOf } from './verdict.ts';

const BATCHES = 12;
const ROWS = 150;

describe('inferred schemas', () => {
  const folder = tempFolder();
  let batch = 0;

  /** Infers from rows; then counts, type by type, those that the proposal accepts. */
  async function assertAcceptsItsRows(rows: readonly string[]): Promise<void> {
    const place = join(folder, String(batch++));
    mkdirSync(join(place, '2026/11/20/00'), { recursive: true });
    writeFileSync(join(place, '2026/11/20/00/a.json'), rows.join('\n'));
    const scratch = await Scratch.create(folder);
    const signal = new AbortController().signal;
    const { types, lines, skipped } = await inferSchemas(
      { source: new DirectoryStore(place), typeKey: 'log_type', scratch, signal },
      [parseHour('2026-11-20T00')],
    );
    assert.equal(lines, rows.length);
    for (const { type, table, document, rows: inferredFrom } of types) {
      const parsed = parseLogType(`${table}.json`, JSON.stringify(document));
      assert.ok('logType' in parsed, JSON.stringify(parsed));
      const check = new RowCheck(parsed.logType);
      const own = rows.filter((row) => row.startsWith(`{"log_type":"${type}"`));
      const refused = own.filter((row) => verdictOf(check, row).misfits.length > 0);
      const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
      assert.equal(
        own.length - refused.length,
        inferredFrom,
        `${JSON.stringify(document)}\n${refused.join('\n')}`,
      );
      assert.ok(refused.length <= left, 'what is refused was left out, and said so');
    }
  }

  it('accept every row that they were inferred from: rows of random schemas with random faults', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const { fields, ...more } = randomSchema(gen);
        const logType = logTypeOf(fields, more);
        const rows = Array.from({ length: ROWS }, () => {
          const row = randomRow(gen, logType);
          return `{"log_type":"t"${row === '{}' ? '' : ','}${row.slice(1)}`;
        });
        await assertAcceptsItsRows(rows);
      }),
      { numRuns: BATCHES, endOnFailure: true },
    );
  });

  it('accept every row that they were inferred from: any JSON', async () => {
    const row = fc.dictionary(
      fc.constantFrom('a', 'b', 'B', 'c_at', '+1', 'folder_hour', '한'),
      fc.json({ maxDepth: 3 }),
      { maxKeys: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), async (rows) => {
        await assertAcceptsItsRows(
          rows.map(
            (members) =>
              `{"log_type":"t"${Object.entries(members)
                .map(([key, json]) => `,${JSON.stringify(key)}:${json}`)
                .join('')}}`,
          ),
        );
      }),
      { numRuns: BATCHES * 2 },
    );
  });
});
