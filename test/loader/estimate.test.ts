import assert from 'node:assert/strict';
import type { Statement } from '../../workloads/core/ports/warehouse.ts';
import type { LoaderContext } from '../../workloads/loader/context.ts';
import { planLoad } from '../../workloads/loader/plan-load.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad, withRoad, withSessions } from './bench.ts';

interface Told {
  readonly severity: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

describe('the cost of a load', () => {
  const root = tempFolder();

  /** `t` was loaded and has more rows now; `same` is loaded and stays; `fresh` was never loaded; `none` has no rows. */
  async function road(): Promise<Road> {
    const schema = { fields: FIELDS };
    const made = newRoad(root, { t: schema, same: schema });
    made.put(HOUR, 'a.json', line('t', 1) + line('same', 1));
    assert.equal((await made.run(HOUR)).code, 0);
    made.writeSchemas({ fresh: schema, none: schema });
    made.put(HOUR, 'b.json', line('t', 2) + line('fresh', 3));
    assert.equal((await made.command('classify', HOUR)).code, 0);
    return made;
  }

  /** Plans a load in a warehouse that bills what `bytes` says of a statement. */
  async function plan(made: Road, bytes: ((statement: Statement) => number) | undefined) {
    const told: Told[] = [];
    const asked: string[] = [];
    const result = await withRoad(made, async ({ loader }) => {
      const logger: LoaderContext['logger'] = {
        log: (severity, message, fields) => told.push({ severity, message, fields }),
      };
      const billing = withSessions({ ...loader, logger }, () =>
        bytes === undefined
          ? {}
          : {
              estimateBytes: (statements: readonly Statement[]) => {
                asked.push(...statements.map(({ sql }) => sql.split(/[\s(]+/, 3).join(' ')));
                return Promise.resolve(statements.reduce((sum, each) => sum + bytes(each), 0));
              },
            },
      );
      return planLoad(billing, HOUR);
    });
    return { ...result, told, asked };
  }

  it('is nothing in a warehouse that bills nothing: not a word of it', async () => {
    const { costs, told } = await plan(await road(), undefined);
    assert.deepEqual({ costs, told }, { costs: [], told: [] });
  });

  it('is what the warehouse says of each statement, and the text of the rows that come; loads are free', async () => {
    const made = await road();
    const deletes = ({ sql }: Statement): number => (sql.startsWith('DELETE') ? 1_000_000 : 1);
    const { manifest, costs, told, asked } = await plan(made, deletes);
    const entry = (type: string) => manifest.types.find((each) => each.type === type)!;
    const size = (type: string): number => entry(type).objects.reduce((sum, object) => sum + object.size, 0);
    const text = (type: string): number => entry(type).bytes;
    assert.deepEqual(
      [text('t'), text('fresh')],
      [(line('t', 1) + line('t', 2)).length, line('fresh', 3).length],
    );
    // Fence, its row, the ledger; delete, count; the ledger's row. What has no table has nothing to delete or count in it.
    const there = 1_000_005;
    assert.deepEqual(costs, [
      { type: 'fresh', loadBytes: size('fresh'), commitBytes: 4 + text('fresh') },
      { type: 'none', loadBytes: 0, commitBytes: 4 },
      // Carried: counted, and not replaced.
      { type: 'same', loadBytes: 0, commitBytes: 5 },
      { type: 't', loadBytes: size('t'), commitBytes: there + text('t') },
    ]);
    assert.equal(asked.filter((sql) => sql.startsWith('DELETE')).length, 1);
    const loadBytes = size('t') + size('fresh');
    const commitBytes = there + text('t') + text('fresh') + 13;
    const spell = (bytes: number): string => bytes.toLocaleString('en-US');
    assert.deepEqual(told, [
      {
        severity: 'INFO',
        message: `Hour ${HOUR}: load jobs would read ${spell(loadBytes)} bytes for nothing, commits about ${spell(commitBytes)} bytes that are billed`,
        fields: { hour: HOUR, loadBytes, commitBytes, costs },
      },
    ]);
  });

  it('that the warehouse will not say leaves the plan as it is, and is told by type', async () => {
    const { costs, decisions, told } = await plan(await road(), () => {
      throw new Error('access denied');
    });
    assert.equal(decisions.get('t')?.action, 'load');
    assert.deepEqual(
      costs.map(({ type, commitBytes }) => [type, commitBytes]),
      [
        ['fresh', undefined],
        ['none', undefined],
        ['same', undefined],
        ['t', undefined],
      ],
    );
    assert.match(
      told.at(-1)?.message ?? '',
      /about 0 bytes that are billed, and those of 4 types, whose cost is not known$/,
    );
    assert.equal(
      told.find(({ fields }) => fields?.type === 't')?.message,
      `t ${HOUR}: the cost of its commit is not known: access denied`,
    );
  });
});
