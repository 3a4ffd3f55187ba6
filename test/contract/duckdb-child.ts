import { bring, commitOf, loadTemp, typeOf } from './warehouse-bench.ts';
import { commitStatements } from '../../workloads/core/sql/commit.ts';
import { duckdbBench, withDuckdb } from './duckdb-bench.ts';

/** A process of its own, to be waited for or killed: `node duckdb-child.ts hold|load|commit <folder>`. */
export const CHILD_TYPE = typeOf('crashed', [{ name: 's', type: 'STRING' }]);

async function hold(folder: string): Promise<void> {
  const { path } = await duckdbBench(folder);
  await withDuckdb(path, async () => {
    console.log('ready');
    await new Promise((resolve) => process.stdin.once('data', resolve));
  });
  process.exit(0);
}

/** Commits epoch 1, loads epoch 2, and hangs: before the transaction, or in it with every statement but COMMIT done. */
async function load(folder: string, hangInside: boolean): Promise<void> {
  const bench = await duckdbBench(folder);
  await bench.warehouse.session(async (session) => {
    await bring(bench, session, CHILD_TYPE, ['{"n":1,"s":"committed"}']);
    const temp = await loadTemp(bench, session, CHILD_TYPE, ['{"n":2,"s":"lost"}', '{"n":3,"s":"lost"}']);
    console.log('ready');
    const forever = {
      sql: 'SELECT COUNT(*) AS n FROM range(1000000000000000) WHERE random() < 0',
      params: {},
    };
    const commit = commitStatements(session.names, commitOf(CHILD_TYPE, 2, [temp], { epoch: 2 }));
    if (hangInside) await session.transaction([...commit, forever]);
    else await new Promise((resolve) => setTimeout(resolve, 600_000));
  });
}

const [, script, mode, folder] = process.argv;
if (script?.endsWith('duckdb-child.ts') && folder !== undefined) {
  await (mode === 'hold' ? hold(folder) : load(folder, mode === 'commit'));
}
