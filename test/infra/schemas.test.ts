import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../infra/refusal.ts';
import { readSchemas } from '../../infra/schemas.ts';
import { tempFolder } from '../support/temp.ts';

const KEY = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };

describe('the schemas that the program reads', () => {
  let temporary: string;
  const folder = (): string => temporary;
  beforeEach(() => {
    temporary = tempFolder();
  });
  const write = (table: string, content: unknown): Promise<void> =>
    writeFile(
      join(folder(), `${table}.json`),
      typeof content === 'string' ? content : JSON.stringify(content),
    );

  it('are the log types, and their files as they are for the pods; the JSON Schema is none of them', async () => {
    const text = '{ "fields": [{ "name": "log_type", "type": "STRING" }] }\n';
    await write('purchase', text);
    await write('log-type.schema', { type: 'object' });
    const { set, files } = await readSchemas(folder(), 'log_type');
    assert.deepEqual(set.typeNames, ['purchase']);
    assert.deepEqual(files, { 'purchase.json': text });
  });

  it('are refused with every problem of every file, and no stack trace', async () => {
    await write('purchase', {
      fields: [KEY, { name: 'a', type: 'GEOGRAPHY' }],
      partition: { by: 'DAY', expirationDays: 10_001 },
    });
    await write('refund', '{');
    await assert.rejects(readSchemas(folder(), 'log_type'), (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(error.message, /^Schemas: 3 problem\(s\) in /);
      assert.match(
        error.message,
        /purchase\.json: \$\.partition\.expirationDays: expected <= 10000, found 10001/,
      );
      assert.match(error.message, /purchase\.json: \$\.fields\[1\]\.type: .*GEOGRAPHY/);
      assert.match(error.message, /refund\.json: /);
      return true;
    });
  });

  it('are refused where they lack the type key', async () => {
    await write('purchase', { fields: [KEY] });
    await assert.rejects(readSchemas(folder(), 'kind'), {
      message:
        'logferry:typeKey: expected a key that every schema has as a STRING field, found "kind", which purchase.json lack; ' +
        'add the field, or set typeKey to the one that they have.',
    });
  });

  it('are refused where the folder is empty or not there', async () => {
    await assert.rejects(readSchemas(folder(), 'log_type'), Refusal);
    await assert.rejects(readSchemas(join(folder(), 'nowhere'), 'log_type'), Refusal);
  });
});
