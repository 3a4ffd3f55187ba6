import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '../support/cli.ts';
import { tempFolder } from '../support/temp.ts';

const LATE = '2026-11-20T15';

describe('demo', () => {
  const root = tempFolder();

  it('ends with 0, conserves, and does only the late hour anew, as epoch 2', async () => {
    const folder = join(root, 'demo');
    const { code, stdout } = await cli(['demo', '--out', folder]);
    assert.equal(code, 0);
    assert.equal(stdout.match(/^conserved: every line is accounted for$/gm)?.length, 2);
    const [first, second] = stdout.split('4. logferry run again');
    assert.ok(first !== undefined && second !== undefined);
    const states = [...second.matchAll(/│ (2026-11-20T\d\d) │ +(\d) │ all .*│ (\w+),/g)].map(
      ([, hour, epoch, state]) => [hour, epoch, state],
    );
    assert.deepEqual(states, [
      ['2026-11-20T14', '1', 'unchanged'],
      [LATE, '2', 'done'],
      ['2026-11-20T16', '1', 'unchanged'],
    ]);
    const query = async (sql: string): Promise<unknown> =>
      JSON.parse(
        (await cli(['query', sql, '--json', '--warehouse', `duckdb:${join(folder, 'warehouse.duckdb')}`]))
          .stdout,
      );
    assert.deepEqual(await query('SELECT DISTINCT folder_hour FROM ops.ledger WHERE epoch = 2'), [
      { folder_hour: `${LATE}:00:00Z` },
    ]);
    for (const [, sql] of stdout.matchAll(/npx logferry query --warehouse \S+ "([^"]+)"/g))
      assert.ok(((await query(sql!)) as unknown[]).length > 0);
  });

  it('refuses a folder with other files and leaves them', async () => {
    const folder = join(root, 'mine');
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    const { code, stderr } = await cli(['demo', '--out', folder]);
    assert.equal(code, 2);
    assert.match(stderr, /expected .* to be empty or made by a demo, found other files/);
    assert.equal(readFileSync(join(folder, 'thesis.txt'), 'utf8'), 'mine');
  });
});

describe('sample', () => {
  const root = tempFolder();

  it('refuses what is no number, and a late file without a sample', async () => {
    const out = join(root, 'sample');
    assert.equal((await cli(['sample', '--out', out, '--lines', 'many'])).code, 2);
    assert.equal((await cli(['sample', '--out', out, '--seed', '-1'])).code, 2);
    assert.equal((await cli(['sample', '--out', out, '--late'])).code, 2);
    assert.equal((await cli(['sample'])).code, 2);
    assert.equal(existsSync(out), false);
  });

  it('writes its hours, then the late file', async () => {
    const out = join(root, 'written');
    const { code, stdout } = await cli(['sample', '--out', out, '--lines', '2000']);
    assert.equal(code, 0);
    for (const hour of ['14', '15', '16']) assert.match(stdout, new RegExp(`2026-11-20T${hour} .* 2,000 `));
    const late = await cli(['sample', '--out', out, '--lines', '2000', '--late']);
    assert.equal(late.code, 0);
    const [, path] = /Wrote (\S+): \d+ lines/.exec(late.stdout) ?? [];
    assert.ok(path !== undefined && existsSync(path));
  });
});
