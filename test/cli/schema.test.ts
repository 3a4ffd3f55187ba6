import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const TYPE_KEY = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };
const N = { name: 'n', type: 'INTEGER' };

describe('logferry schema', () => {
  const root = tempFolder();
  let folders = 0;
  function folderOf(files: Record<string, unknown>): string {
    const folder = join(root, String(folders++));
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return folder;
  }

  it('check accepts valid files: 0', async () => {
    const { code, stdout } = await cli([
      'schema',
      'check',
      '--schemas',
      folderOf({ 't.json': { fields: [TYPE_KEY, N] } }),
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /^1 schema files in .* are valid\n$/);
  });

  it('check names file, path, expected and found of every problem of every file: 2', async () => {
    const folder = folderOf({
      't.json': { fields: [TYPE_KEY, { name: 'n', type: 'INTERGER' }] },
      'u.json': { fields: [TYPE_KEY, N, { name: 'N', type: 'STRING' }] },
      'v.json': '{"fields": [',
      'w.json': { fields: [N] },
    });
    const { code, stdout } = await cli(['schema', 'check', '--json', '--schemas', folder]);
    assert.equal(code, 2);
    const { files, problems } = JSON.parse(stdout) as {
      files: number;
      problems: { file: string; path: string; found: string }[];
    };
    assert.equal(files, 4);
    assert.deepEqual(
      problems.map(({ file, path }) => [file, path]),
      [
        [join(folder, 't.json'), '$.fields[1].type'],
        [join(folder, 'u.json'), '$.fields[2].name'],
        [join(folder, 'v.json'), '$'],
        [join(folder, 'w.json'), '$.fields'],
      ],
    );
    assert.match(
      (await cli(['schema', 'check', '--schemas', folder])).stdout,
      /t\.json: \$\.fields\[1\]\.type: expected one of .*, found "INTERGER"/,
    );
  });

  it('diff tells additive from breaking changes: 0 and 1', async () => {
    const before = folderOf({ 't.json': { fields: [TYPE_KEY, N] } });
    const more = folderOf({ 't.json': { fields: [TYPE_KEY, N, { name: 'm', type: 'STRING' }] } });
    const other = folderOf({ 't.json': { fields: [TYPE_KEY, { name: 'n', type: 'STRING' }] } });
    const diff = async (a: string, b: string) => cli(['schema', 'diff', a, b, '--json']);
    const kinds = (text: string): string[] =>
      (JSON.parse(text) as { kind: string }[]).map(({ kind }) => kind);
    const [same, additive, breaking] = [
      await diff(before, before),
      await diff(before, more),
      await diff(before, join(other, 't.json')),
    ];
    assert.deepEqual([same.code, JSON.parse(same.stdout)], [0, []]);
    assert.deepEqual([additive.code, kinds(additive.stdout)], [0, ['additive']]);
    assert.deepEqual([breaking.code, kinds(breaking.stdout)], [1, ['breaking']]);
    const missing = await diff(before, join(root, 'none'));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /cannot read .*ENOENT/);
  });

  it('infer writes files that the same lines then load with, touches none that is there, and needs lines: 0, 0, 1', async () => {
    const road = new Road(join(root, 'road'), {});
    road.put(
      HOUR,
      'a.json',
      '{"log_type":"t","n":1}\n{"log_type":"order/created","at":"2026-11-20T14:00:00Z"}\n',
    );
    const out = join(road.folder, 'schemas');
    const infer = async (hour = HOUR) =>
      cli(['schema', 'infer', hour, '--out', out, ...road.options.slice(0, 2)]);
    assert.equal((await infer()).code, 0);
    assert.deepEqual(readdirSync(out).sort(), ['order_created.json', 't.json']);
    const run = await road.run(HOUR);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(
      run.report.hours[0]?.types.map(({ type, loaded }) => `${type} ${loaded}`),
      ['order/created 1', 't 1'],
    );
    writeFileSync(join(out, 't.json'), 'edited');
    const again = await infer();
    assert.equal(again.code, 0);
    assert.match(again.stderr, /t\.json is there already: not touched/);
    assert.equal(readFileSync(join(out, 't.json'), 'utf8'), 'edited');
    const nothing = await infer('2026-11-20T13');
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /expected lines with a \\"log_type\\"/);
    assert.equal(
      (await cli(['schema', 'infer', HOUR, '--out', out, '--max-depth', '16', ...road.options.slice(0, 2)]))
        .code,
      2,
    );
  });

  it('extract prints the field list of a table, derived columns too; a table that is not there: 1, no warehouse: 75', async () => {
    const nested = {
      name: 'who',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [{ name: 'id', type: 'STRING', mode: 'NULLABLE' }],
    };
    const fields = [TYPE_KEY, N, nested, { name: 'free', type: 'JSON' }, { name: 'price', type: 'NUMERIC' }];
    const columns = { event_time: { from: 'n', as: 'TIMESTAMP', unit: 'ms' } };
    const road = new Road(join(root, 'extract'), { t: { fields, columns } });
    const warehouse = road.options.slice(4, 6);
    assert.equal((await cli(['schema', 'extract', 't', ...warehouse])).code, 75);
    road.put(HOUR, 'a.json', '{"log_type":"t"}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    const { code, stdout } = await cli(['schema', 'extract', 't', ...warehouse]);
    assert.equal(code, 0);
    const nullable = (name: string, type: string): object => ({ name, type, mode: 'NULLABLE' });
    assert.deepEqual(JSON.parse(stdout), [
      TYPE_KEY,
      nullable('n', 'INTEGER'),
      nested,
      nullable('free', 'JSON'),
      nullable('price', 'NUMERIC'),
      nullable('event_time', 'TIMESTAMP'),
      { name: 'folder_hour', type: 'TIMESTAMP', mode: 'REQUIRED' },
      { name: 'loaded_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
    ]);
    const missing = await cli(['schema', 'extract', 'nope', ...warehouse]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /expected a table nope/);
  });
});
