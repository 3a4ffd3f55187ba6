import assert from 'node:assert/strict';
import { TerminalError } from '../../workloads/core/errors.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';
import { SchemaSet } from '../../workloads/core/schema/schema-set.ts';
import { HourBench, lineOf, schemasOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

function typed(table: string, type: string): SchemaSet {
  const fields = [{ name: 'log_type', type: 'STRING' }];
  const parsed = parseLogType(`${table}.json`, JSON.stringify({ type, fields }));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return new SchemaSet([parsed.logType]);
}

describe('replay of quarantine keeps what the former epoch says', () => {
  it('a table that now names another type, or a type that moved to another table: refused, nothing is written', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', `${lineOf('a')}\n${lineOf('b')}\n`);
    await hour.classify();
    const before = hour.written();
    for (const [schemas, expected] of [
      [typed('a', 'b'), 'a.json: expected the type "a", which its table holds since epoch 1, found "b"'],
      [
        typed('moved', 'a'),
        'moved.json: expected the type "a" to stay in table a, where it is since epoch 1',
      ],
    ] as const) {
      await assert.rejects(
        hour.replay({ schemas }),
        (error: unknown) => error instanceof TerminalError && error.message.includes(expected),
      );
    }
    assert.deepEqual(hour.written(), before);
  });

  it('duplicate keys -> raw kept, counted: of the former epoch and of the replayed lines together', async () => {
    const twice = (type: string): string => `{"log_type":"other","log_type":"${type}"}\n`;
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', twice('a') + twice('b') + twice('b') + twice('c') + `${lineOf('b')}\n`);
    assert.equal((await hour.classify()).manifest.duplicateTypeKeys, 1);
    const { manifest } = await hour.replay({ schemas: schemasOf('a', 'b') });
    assert.equal(manifest.duplicateTypeKeys, 3);
    assert.equal(hour.staged(manifest, 'b').toString(), `${twice('b')}${twice('b')}${lineOf('b')}\n`);
  });
});
