import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../workloads/core/errors.ts';
import { checkSchemas, formatProblem, loadSchemas } from '../../../workloads/core/schema/schema-set.ts';
import { tempFolder } from '../../support/temp.ts';
import { FIELD } from './schema-files.ts';

const VALID = { fields: [FIELD] };

describe('schema sets', () => {
  const parent = tempFolder();

  function folderOf(files: Readonly<Record<string, object | string>>): string {
    const folder = mkdtempSync(join(parent, 'schemas-'));
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return folder;
  }

  it('reads every file of the folder but those that are no log type', async () => {
    const folder = folderOf({
      'b.json': VALID,
      'a.json': { ...VALID, type: 'z/a' },
      'log-type.schema.json': {},
      'package.json': VALID,
      '.hidden.json': {},
      'README.md': '',
    });
    const set = await loadSchemas(folder);
    assert.deepEqual(
      set.types.map(({ table }) => table),
      ['a', 'b', 'package'],
    );
    assert.deepEqual(set.typeNames, ['b', 'package', 'z/a']);
    assert.equal(set.get('z/a')?.table, 'a');
    assert.equal(set.get('a'), undefined);
  });

  it('two files with one type are refused, types that differ by case are two', async () => {
    const folder = folderOf({
      'a.json': { ...VALID, type: 'x' },
      'b.json': { ...VALID, type: 'x' },
      'c.json': { ...VALID, type: 'X' },
    });
    const { problems } = await checkSchemas(folder);
    assert.deepEqual(problems.map(formatProblem), [
      `${join(folder, 'b.json')}: $.type: expected another type than a.json has, found "x"`,
    ]);
  });

  it('a type that is another file’s name is that file’s type', async () => {
    const { problems } = await checkSchemas(folderOf({ 'a.json': VALID, 'b.json': { ...VALID, type: 'a' } }));
    assert.deepEqual(
      problems.map(({ path, found }) => [path, found]),
      [['$.type', '"a"']],
    );
  });

  it('two files whose names differ by case only are refused', async () => {
    const { problems } = await checkSchemas(folderOf({ 'Order.json': VALID, 'order.json': VALID }));
    assert.deepEqual(
      problems.map(({ path, expected }) => [path, expected]),
      [['$', 'another file name than Order.json (case does not count)']],
    );
  });

  it('all problems of all files are in one error', async () => {
    const folder = folderOf({
      'a.json': '{',
      'b.json': { fields: [] },
      'c.json': { fields: [{ name: 'x', type: 'RANGE' }], lane: 1 },
    });
    await assert.rejects(loadSchemas(folder), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /^Schemas: 4 problem\(s\) in /);
      for (const file of ['a', 'b', 'c']) assert.ok(error.message.includes(`${file}.json: $`), error.message);
      return true;
    });
  });

  it('no folder and no files are refused with what to do', async () => {
    await assert.rejects(loadSchemas(join(parent, 'nope')), /Schemas: cannot read the folder .*ENOENT/);
    await assert.rejects(loadSchemas(folderOf({})), /expected at least one <table>\.json .* found none/);
  });
});
