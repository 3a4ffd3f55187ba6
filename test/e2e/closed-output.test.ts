import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Road } from '../support/road.ts';
import { itIf } from '../support/skip.ts';
import { tempFolder } from '../support/temp.ts';

const CLI = fileURLToPath(new URL('../../workloads/cli.ts', import.meta.url));
const HOURS = '2026-11-20T10..2026-11-20T12';
const FULL = '/dev/full';
const SCHEMA = { fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }] };

function newRoad(): Road {
  const road = new Road(tempFolder(), { t: SCHEMA });
  for (const hour of [10, 11, 12]) road.put(`2026-11-20T${hour}`, 'a.json', '{"log_type":"t"}\n{}\n');
  return road;
}

describe('whoever reads along goes away', function () {
  this.timeout(60_000);

  for (const closed of ['stdout', 'stderr'] as const)
    it(`${closed} is closed: every hour is carried, and scratch is left empty`, async () => {
      const road = newRoad();
      const scratch = tempFolder();
      const args = [CLI, 'classify', HOURS, '--json', ...road.options.slice(0, 4), ...road.options.slice(6)];
      const child = spawn(process.execPath, args, {
        env: { PATH: process.env.PATH, TMPDIR: scratch },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child[closed].destroy();
      child[closed === 'stdout' ? 'stderr' : 'stdout'].resume();
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0);
      assert.deepEqual(readdirSync(join(road.folder, 'staging/_records/manifests/2026/11/20')).sort(), [
        '10',
        '11',
        '12',
      ]);
      assert.deepEqual(readdirSync(scratch), []);
    });

  itIf(existsSync(FULL), `wants ${FULL}, which Linux has`)(
    'stdout is on a full disk: every hour is carried, exit code 1 says that the report is not whole',
    async () => {
      const road = newRoad();
      const full = openSync(FULL, 'w');
      const args = [CLI, 'classify', HOURS, '--json', ...road.options.slice(0, 4), ...road.options.slice(6)];
      const child = spawn(process.execPath, args, {
        env: { PATH: process.env.PATH, TMPDIR: tempFolder() },
        stdio: ['ignore', full, 'pipe'],
      });
      let said = '';
      child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      closeSync(full);
      assert.equal(code, 1);
      const last = JSON.parse(said.trim().split('\n').at(-1)!) as { severity: string; message: string };
      assert.deepEqual(
        [last.severity, last.message],
        ['ERROR', 'Printing to stdout failed (ENOSPC): what was carried is carried, its report is not whole'],
      );
      assert.equal(readdirSync(join(road.folder, 'staging/_records/manifests/2026/11/20')).length, 3);
    },
  );
});
