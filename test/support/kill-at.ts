/**
 * Loaded with `node --import` into a child: counts every point at which a run writes, creates, links, removes, syncs, or hands
 * the database a statement, and ends the process with SIGKILL at one of them. By a counter, not by time: each point is met.
 *
 * KILL_AT: the number of the point, from 1; 0 only counts. KILL_WHEN: `before` or `after` the point.
 * KILL_LOG: a file that gets the kind of every point, one a line, when the process ends by itself.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

const target = Number(process.env.KILL_AT ?? '0');
const when = process.env.KILL_WHEN ?? 'before';
const { writeFileSync } = fs;

const points: string[] = [];

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal may reach another thread first: nothing more must happen here meanwhile.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

/** Makes every call of a method a point. */
function watch(
  owner: object,
  name: string,
  kind: (args: readonly unknown[]) => string | undefined = () => name,
): void {
  const methods = owner as Record<string, Call>;
  const original = methods[name]!;
  methods[name] = function (...args) {
    const label = kind(args);
    if (label === undefined) return original.apply(this, args);
    points.push(label);
    const number = points.length;
    if (number === target && when === 'before') die();
    const result = original.apply(this, args);
    if (number !== target) return result;
    return result instanceof Promise ? result.then(die, die) : die();
  };
}

const opens = (args: readonly unknown[]): string | undefined =>
  typeof args[1] === 'string' && /[wax+]/.test(args[1]) ? 'open' : undefined;

for (const name of ['writeSync', 'rmSync', 'write', 'writev', 'linkSync', 'mkdirSync'])
  watch(fs, name, () => name.replace(/Sync|v$/, ''));
watch(fs, 'fsync', () => 'sync');
watch(fs, 'openSync', opens);
watch(fs, 'open', opens);
for (const name of ['copyFile', 'mkdir', 'mkdtemp', 'unlink', 'writeFile', 'rename', 'rm'])
  watch(fs.promises, name);
// What ends with "COMMIT" is told from other statements: it is the commit point, whatever is sent along with it.
watch(DuckDBConnection.prototype, 'run', ([sql]) =>
  /^COMMIT;?$/m.test(String(sql)) ? 'commit' : 'statement',
);
watch(DuckDBInstance, 'create', () => 'database');
watch(DuckDBInstance.prototype, 'closeSync', () => 'close');
syncBuiltinESMExports();

const log = process.env.KILL_LOG;
if (log !== undefined) process.on('exit', () => writeFileSync(log, points.join('\n')));
