import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'mocha';
import { hourPath } from '../../../workloads/core/hour.ts';
import { journalReader } from '../support/engine-expect.ts';
import { expectedCounts, viewedCounts } from '../support/house/count-view.ts';
import { completes, loadersComplete, outputsOf, typesOf, type Story } from './story.ts';

const LEVEL_UP = {
  $schema: './log-type.schema.json',
  description: 'One row for each level that a player reached.',
  lane: 'standard',
  fields: [
    { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
    { name: 'event_time', type: 'TIMESTAMP', mode: 'REQUIRED' },
    { name: 'user_id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'level', type: 'INTEGER' },
  ],
};

const ROWS = 7;

const levelUps = (): Buffer =>
  Buffer.from(
    Array.from({ length: ROWS }, (_, level) =>
      JSON.stringify({
        log_type: 'level_up',
        event_time: '2026-11-20T15:04:05Z',
        user_id: 1000 + level,
        level,
      }),
    ).join('\n'),
  );

export function newTypeScenario(story: () => Story): void {
  it('a schema file and an up bring a new table, and the generation of schema files that CronJobs mount', async () => {
    const { house } = story();
    const written = journalReader(house.bench.standIn.cloud);
    written();
    writeFileSync(join(house.bench.project, 'schemas/level_up.json'), JSON.stringify(LEVEL_UP));
    await house.engine.up();
    const { cronJobs } = await outputsOf(house);
    const changes = written().map((line) => line.split(' ', 3).join(' '));
    assert.deepEqual(
      changes.map((line) => line.replace(/ schemas-[0-9a-f]{12}$/, ' schemas-*')),
      [
        'create gcp:bigquery/table:Table warehouse-level_up-control',
        'create gcp:bigquery/table:Table warehouse-level_up-table',
        'create kubernetes:core/v1:ConfigMap schemas-*',
        ...cronJobs.map((name) => `update kubernetes:batch/v1:CronJob ${name}-cron-job`).sort(),
      ],
    );
  });

  it('the next hour carries the new type; what was loaded before stays as it is', async () => {
    const { house, producer, hours, put } = story();
    await producer.put(`${hourPath(hours[1])}/levels.json`, levelUps());
    const sample = await producer.putSample(1, hours[1], await typesOf(house));
    put.push({ ...sample, rows: { ...sample.rows, level_up: ROWS } });
    await completes(house, 'classifier');
    await loadersComplete(house);
    const { countView } = await outputsOf(house);
    assert.deepEqual(await viewedCounts(house, countView, put), expectedCounts(put, await typesOf(house)));
  });
}
