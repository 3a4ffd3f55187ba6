import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad } from './bench.ts';

describe('staged parts', () => {
  const root = tempFolder();

  /** An hour of two types, classified; the part of one of them is then changed. */
  async function classified(...extra: string[]): Promise<{ road: Road; part: string }> {
    const road = newRoad(root, { t: { fields: FIELDS }, other: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('t', 1) + line('t', 2) + line('other', 3));
    assert.equal((await road.command('classify', HOUR, ...extra)).code, 0);
    const folder = join(road.folder, 'staging/t/2026/11/20/14');
    return { road, part: join(folder, readdirSync(folder)[0]!) };
  }

  async function assertRefused(road: Road, message: RegExp, error = 'ConservationError'): Promise<void> {
    const { code, stdout, stderr } = await road.command('load', HOUR, '--json');
    assert.equal(code, 1);
    const { hours, conserved } = JSON.parse(stdout) as {
      hours: { types: { type: string; state: string }[] }[];
      conserved: boolean;
    };
    assert.deepEqual(
      hours[0]?.types.map(({ type, state }) => `${type} ${state}`),
      ['other loaded', 't failed'],
    );
    assert.equal(conserved, false);
    const events = stderr
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as { severity: string; message: string; error?: string });
    const told = events.filter(({ severity }) => severity === 'ERROR');
    assert.equal(told.length, 1);
    assert.equal(told[0]?.error, error);
    assert.match(told[0].message, message);
    assert.deepEqual(await road.query('SELECT log_type FROM ops.ledger'), [{ log_type: 'other' }]);
  }

  it('rows differ from the manifest, for a row was removed: no commit, both figures are named, other types go on', async () => {
    const { road, part } = await classified();
    writeFileSync(part, gzipSync(line('t', 1)));
    await assertRefused(road, /expected 2 rows in \d+ bytes.* found 1 rows in \d+ bytes/);
  });

  it('a row was added: no commit', async () => {
    const { road, part } = await classified();
    writeFileSync(part, gzipSync(Buffer.concat([gunzipSync(readFileSync(part)), Buffer.from(line('t', 3))])));
    await assertRefused(road, /expected 2 rows .* found 3 rows/);
  });

  it('bytes changed within a row, as many as before: no commit, both checksums are named', async () => {
    const { road, part } = await classified('--staging-compression', 'none');
    writeFileSync(part, readFileSync(part, 'utf8').replace('"n":2', '"n":7'));
    await assertRefused(road, /crc32c \S+ found crc32c \S+/);
  });

  it('the compressed bytes are broken: no commit', async () => {
    const { road, part } = await classified();
    const bytes = readFileSync(part);
    writeFileSync(part, bytes.subarray(0, bytes.length - 6));
    await assertRefused(road, /expected 2 rows .* found an object that is truncated/);
  });

  it('staging expired: says which object it misses and what to do', async () => {
    const { road, part } = await classified();
    rmSync(part);
    await assertRefused(
      road,
      /staging no longer has t\/2026\/11\/20\/14\/.*expected 2 rows[\s\S]*run HOUR --again/,
      'TerminalError',
    );
  });
});
