import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Road } from '../../support/road.ts';
import { parseExactly, withStored } from '../../support/stored-rows.ts';
import { tempFolder } from '../../support/temp.ts';

const HOUR = '2026-11-20T14';
const LONG = 'k'.repeat(300);

/** Unknown members of a row, and what `unknown_fields` must hold of it. */
const ROWS: readonly (readonly [string, string | null])[] = [
  ['', null],
  [',"y":1.10', '{"y":1.10}'],
  [
    ',"y":null,"z":[{"a":9007199254740993}],"\\ud55c":"\\"\\u0000\\/"',
    '{"y":null,"z":[{"a":9007199254740993}],"한":"\\"\\u0000/"}',
  ],
  [',"r":{"n":1,"m":{}},"l":[{"n":1},{"q":[]}]', '{"r.m":{},"l[1].q":[]}'],
  [
    `,"${LONG}1":1,"${LONG}2":2,"a.b":3,"":4,"__proto__":5`,
    `{"${LONG}1":1,"${LONG}2":2,"a.b":3,"":4,"__proto__":5}`,
  ],
  [',"unknown_fields":{"unknown_fields":1}', '{"unknown_fields":{"unknown_fields":1}}'],
  [',"r":{"\\u006e":2,"\\"q\\"":1}', '{"r.\\"q\\"":1}'],
];

describe('unknownFields: keep', () => {
  it('keeps the raw text of every unknown member under its path, and the listed members as they are', async () => {
    const inner = [{ name: 'n', type: 'INTEGER' }];
    const road = new Road(tempFolder(), {
      kept: {
        unknownFields: 'keep',
        fields: [
          { name: 'log_type', type: 'STRING' },
          { name: 'id', type: 'INTEGER' },
          { name: 'r', type: 'RECORD', fields: inner },
          { name: 'l', type: 'RECORD', mode: 'REPEATED', fields: inner },
        ],
      },
    });
    const lines = ROWS.map(([members], id) => `{"id":${id}${members},"log_type":"kept"}`);
    const lost = '{"id":99,"log_type":"kept","r":{"z":1},"r.z":2}';
    road.put(HOUR, 'a.json', [...lines, lost].join('\n'));
    const { report, stderr } = await road.run(HOUR, '--on-misfit', 'setAside');
    assert.deepEqual(
      report.hours[0]?.types,
      [{ type: 'kept', staged: ROWS.length + 1, rejected: 1, loaded: ROWS.length, state: 'loaded' }],
      stderr,
    );
    await withStored(join(road.folder, 'wh.duckdb'), async (read) => {
      const stored = await read('kept', 'id');
      ROWS.forEach(([, expected], id) => {
        const kept = stored.get(String(id))?.unknown_fields;
        const parsed: unknown = kept === null ? null : parseExactly(kept as string);
        assert.deepEqual(parsed, expected === null ? null : parseExactly(expected), String(id));
      });
      assert.deepEqual(stored.get('3')?.l, [{ n: 1n }, { n: null }]);
      assert.deepEqual(stored.get('6')?.r, { n: 2n });
    });
  });
});
