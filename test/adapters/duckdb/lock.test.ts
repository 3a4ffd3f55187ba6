import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError, NotReadyError } from '../../../workloads/core/errors.ts';
import { DuckDbWarehouse } from '../../../workloads/adapters/duckdb/duckdb-warehouse.ts';
import { Scratch } from '../../../workloads/core/scratch/scratch.ts';
import { duckdbWarehouse } from '../../contract/duckdb-bench.ts';
import { spawnChild } from '../../contract/spawn-child.ts';
import { tempFolder } from '../../support/temp.ts';

describe('the lock on a DuckDB file', () => {
  const folder = tempFolder();
  let files = 0;
  const fresh = (): string => {
    const place = join(folder, `lock-${files++}`);
    mkdirSync(place);
    return place;
  };

  it('another process holds the file for too long -> 75 that names its PID; once it lets go the file opens', async () => {
    const place = fresh();
    const child = await spawnChild('hold', place);
    const path = join(place, 'wh.duckdb');
    const impatient = await duckdbWarehouse(path, place, 150);
    for (const readOnly of [false, true]) {
      await assert.rejects(
        impatient.session(() => Promise.reject(new Error('the session began')), { readOnly }),
        (error) => {
          assert.ok(error instanceof NotReadyError, String(error));
          assert.equal(error.exitCode, 75);
          assert.match(error.message, new RegExp(`within 0\\.15 s, it is held by .*\\(PID ${child.pid}\\)`));
          return true;
        },
      );
    }
    const patient = await duckdbWarehouse(path, place, 60_000);
    let opened = false;
    const waiting = patient.session(async (session) => {
      opened = true;
      await session.prepareOps();
    });
    await sleep(100);
    assert.equal(opened, false);
    child.process.stdin?.write('go\n');
    await waiting;
    await child.gone;
    await impatient.session((session) => session.prepareOps());
  });

  it('a signal while waiting for the lock -> InterruptedError', async () => {
    const place = fresh();
    const child = await spawnChild('hold', place);
    const end = new AbortController();
    const warehouse = new DuckDbWarehouse(join(place, 'wh.duckdb'), await Scratch.create(place), {
      lockTimeoutMs: 60_000,
      signal: end.signal,
    });
    const waiting = warehouse.session((session) => session.prepareOps());
    setTimeout(() => end.abort('SIGTERM'), 50);
    await assert.rejects(
      waiting,
      (error) => error instanceof InterruptedError && error.message.includes('SIGTERM'),
    );
    child.process.kill('SIGKILL');
    await child.gone;
  });

  it('a writer waits for a reader of the same process, and says so where it waits too long', async () => {
    const place = fresh();
    const path = join(place, 'wh.duckdb');
    const patient = await duckdbWarehouse(path, place, 60_000);
    const impatient = await duckdbWarehouse(path, place, 50);
    await patient.session((session) => session.prepareOps());
    const letGo = Promise.withResolvers<undefined>();
    const reading = patient.session(() => letGo.promise, { readOnly: true });
    const second = patient.session((session) => session.hasTable('x'), { readOnly: true });
    assert.equal(await second, false);
    await assert.rejects(
      impatient.session((session) => session.prepareOps()),
      (error) => error instanceof NotReadyError && error.message.includes(`(PID ${process.pid})`),
    );
    const writing = patient.session((session) => session.prepareControl('t', 't'));
    letGo.resolve(undefined);
    await Promise.all([reading, writing]);
  });
});
