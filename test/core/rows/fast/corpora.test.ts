import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectoryStore } from '../../../../workloads/adapters/directory/directory-store.ts';
import { parseHour } from '../../../../workloads/core/hour.ts';
import { parseLogType } from '../../../../workloads/core/schema/parse.ts';
import type { LogType } from '../../../../workloads/core/schema/log-type.ts';
import { Scratch } from '../../../../workloads/core/scratch/scratch.ts';
import { Dice } from '../../../../workloads/sample/dice.ts';
import { ROW_MAKERS } from '../../../../workloads/sample/rows/rows.ts';
import { inferSchemas } from '../../../../workloads/schemas/infer.ts';
import { tempFolder } from '../../../support/temp.ts';
import { webhookLines } from '../../../support/webhooks-corpus.ts';
import { Checks, type Opinion } from './proof.ts';

const SCHEMAS = fileURLToPath(new URL('../../../../schemas', import.meta.url));
const HOUR = '2026-11-20T00';

/** What becomes of rows: those that are left although nothing is wrong with them cost time. */
interface Outcome {
  proved: number;
  left: number;
  wrong: number;
}

function count(outcome: Outcome, { proved, clean }: Opinion): void {
  if (proved) outcome.proved++;
  else if (clean) outcome.left++;
  else outcome.wrong++;
}

function parse(file: string, document: string): LogType {
  const parsed = parseLogType(file, document);
  assert.ok('logType' in parsed, JSON.stringify(parsed));
  return parsed.logType;
}

describe('the fast check: rows as logs have them', () => {
  const folder = tempFolder();

  it('proves every good row of the sample', () => {
    const outcome = { proved: 0, left: 0, wrong: 0 };
    const dice = new Dice(1);
    for (const file of readdirSync(SCHEMAS).filter((name) => /^[a-z_]+\.json$/.test(name))) {
      const logType = parse(file, readFileSync(join(SCHEMAS, file), 'utf8'));
      const check = new Checks(logType);
      const make = ROW_MAKERS.get(logType.type)!;
      for (let row = 0; row < 200; row++)
        count(outcome, check.opinion(make(dice, Date.UTC(2026, 10, 20) + row * 1_009)));
    }
    assert.deepEqual(outcome, { proved: 2_800, left: 0, wrong: 0 });
  });

  for (const maxDepth of [15, 1]) {
    it(`proves all of GitHub’s webhooks by their inferred schemas, RECORDs to ${maxDepth} levels`, async () => {
      const place = join(folder, String(maxDepth));
      mkdirSync(join(place, '2026/11/20/00'), { recursive: true });
      writeFileSync(join(place, '2026/11/20/00/a.json'), webhookLines.map(({ text }) => text).join('\n'));
      const { types } = await inferSchemas(
        {
          source: new DirectoryStore(place),
          typeKey: 'event',
          scratch: await Scratch.create(folder),
          signal: new AbortController().signal,
          maxDepth,
        },
        [parseHour(HOUR)],
      );
      const outcome = { proved: 0, left: 0, wrong: 0 };
      for (const { type, table, document } of types) {
        const check = new Checks(parse(`${table}.json`, JSON.stringify(document)));
        for (const { event, text } of webhookLines) if (event === type) count(outcome, check.opinion(text));
      }
      assert.deepEqual(outcome, { proved: 329, left: 0, wrong: 0 });
    });
  }
});
