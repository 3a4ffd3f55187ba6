import assert from 'node:assert/strict';
import { it } from 'mocha';
import type { House } from '../support/house/house.ts';
import { outputsOf, type Story } from './story.ts';

interface Named {
  readonly tableReference: { readonly tableId: string };
  readonly type: string;
}

/** Tables of a dataset of the emulator, views with their type: `counts VIEW`. */
async function tablesIn({ bigquery }: House, dataset: string): Promise<string[]> {
  const { tables = [] } = (await bigquery.request('GET', `/datasets/${dataset}/tables?maxResults=1000`)) as {
    tables?: Named[];
  };
  return tables.map(({ tableReference, type }) => `${tableReference.tableId} ${type}`).sort();
}

const tableName = (fullName: string): string => fullName.split('.')[2]!;

export function upScenario(story: () => Story): void {
  it('up makes it all: buckets, datasets, typed tables and views, and what the cluster runs', async () => {
    const { house } = story();
    const { warnings, steps } = await house.engine.up();
    assert.deepEqual([warnings, [...new Set(steps.map(({ op }) => op))]], [[], ['create']]);
    const outputs = await outputsOf(house);
    const types = Object.values(outputs.tables).map(tableName);
    assert.equal(types.length, 8);
    assert.deepEqual(
      await tablesIn(house, outputs.datasets.raw),
      types.map((name) => `${name} TABLE`).sort(),
    );
    assert.deepEqual(
      await tablesIn(house, outputs.datasets.ops),
      [
        ...types.map((name) => `control_${name} TABLE`),
        ...['all_rejects TABLE', 'hour_ledger TABLE', 'ledger TABLE'],
        ...['counts VIEW', 'rejects VIEW'],
      ].sort(),
    );
    assert.deepEqual(await tablesIn(house, outputs.datasets.loadTemp), []);
  });

  it('the API server took every object by strict apply, and warned of none', async () => {
    const { house } = story();
    const { cronJobs, namespace } = await outputsOf(house);
    const { items } = (await house.plane.request(
      'GET',
      `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
    )) as { items: { metadata: { name: string } }[] };
    assert.deepEqual(items.map(({ metadata }) => metadata.name).sort(), [...cronJobs].sort());
    assert.deepEqual(house.plane.warnings, []);
  });
}
