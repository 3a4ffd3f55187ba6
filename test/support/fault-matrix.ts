import assert from 'node:assert/strict';
import { after } from 'mocha';
import type { Fault, FaultProxy, Match } from './fault-proxy.ts';

/**
 * What a call comes to under a fault. `same`: it succeeds, as if nothing had happened. `error`: it fails with that class, and
 * what is left behind is the state before the call or the state after it. `never`: why the fault cannot meet this call.
 */
export type Cell =
  | 'same'
  | { readonly error: new (...args: never[]) => Error; readonly left?: 'before' | 'after' }
  | { readonly never: string };

/** One external call of an adapter, in a world of its own each time. */
export interface CallCase<World> {
  /** Its request, as the proxy sees it. */
  readonly match: Match;
  /** @param patient Whether what goes wrong will pass: what never does is better given up soon. */
  readonly make: (patient: boolean) => Promise<World>;
  /** Goes by the proxy. Its value is compared with that of an undisturbed run. */
  readonly run: (world: World) => Promise<unknown>;
  /** What the service holds; asked without the proxy. */
  readonly state: (world: World) => Promise<unknown>;
  /** What a rerun after the fault comes to, where it is not the value of an undisturbed run: a create finds its own object. */
  readonly rerun?: new (...args: never[]) => Error;
}

/** One row: what happens to the requests, in their order; `always` is for one fault that does not pass. */
export interface FaultRow<Name extends string> {
  readonly faults: readonly Fault[];
  readonly always?: boolean;
  /** Every call has a cell: the compiler finds the empty one. */
  readonly cells: Readonly<Record<Name, Cell>>;
}

/** Crosses every call with every fault: a test for each cell that can happen, and the matrix in print on PRINT_MATRIX=1. */
export function faultMatrix<Name extends string, World>(
  proxy: () => FaultProxy,
  calls: Readonly<Record<Name, CallCase<World>>>,
  rows: Readonly<Record<string, FaultRow<Name>>>,
): void {
  const names = Object.keys(calls) as Name[];
  const calm = Object.fromEntries(
    names.map((name) => [name, once(() => undisturbed(calls[name]))]),
  ) as Record<Name, () => Promise<Undisturbed>>;
  for (const [fault, row] of Object.entries(rows)) {
    describe(fault, () => {
      for (const name of names) {
        const cell: Cell = row.cells[name];
        if (cell !== 'same' && 'never' in cell) continue;
        it(`${name} -> ${describeCell(cell)}`, () => crossed(proxy(), calls[name], calm[name], row, cell));
      }
    });
  }
  if (process.env.PRINT_MATRIX === '1') after(() => process.stdout.write(printed(names, rows)));
}

/** What a call gives, and what the service holds before and after it. */
interface Undisturbed {
  readonly expected: unknown;
  readonly before: unknown;
  readonly after: unknown;
}

async function undisturbed<World>({ make, run, state }: CallCase<World>): Promise<Undisturbed> {
  const world = await make(true);
  const before = await state(world);
  const expected = await run(world);
  return { expected, before, after: await state(world) };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}

async function crossed<Name extends string, World>(
  proxy: FaultProxy,
  { match, make, run, state, rerun }: CallCase<World>,
  calm: () => Promise<Undisturbed>,
  { faults, always = false }: FaultRow<Name>,
  cell: Exclude<Cell, { never: string }>,
): Promise<void> {
  proxy.reset();
  const { expected, ...states } = await calm();
  const world = await make(!always);
  if (always) proxy.always(match, faults[0]!);
  else proxy.next(match, ...faults);
  if (cell === 'same') assert.deepEqual(await run(world), expected);
  else await assert.rejects(run(world), (error) => assertClass(error, cell.error));
  assert.deepEqual(proxy.unused, [], 'the fault never happened');
  assert.deepEqual(await state(world), states[cell === 'same' ? 'after' : (cell.left ?? 'before')]);

  proxy.reset();
  const done = cell === 'same' || cell.left === 'after';
  if (done && rerun !== undefined) await assert.rejects(run(world), (error) => assertClass(error, rerun));
  else assert.deepEqual(await run(world), expected);
  assert.deepEqual(await state(world), states.after, 'a rerun must come to the undisturbed state');
}

function assertClass(error: unknown, expected: new (...args: never[]) => Error): true {
  assert.equal(error instanceof Error ? error.constructor : error, expected, String(error));
  return true;
}

function describeCell(cell: Cell): string {
  if (cell === 'same') return 'as undisturbed';
  if ('never' in cell) return `never: ${cell.never}`;
  return `${cell.error.name}${cell.left === 'after' ? ', and it is done' : ''}`;
}

function printed<Name extends string>(
  names: readonly Name[],
  rows: Readonly<Record<string, FaultRow<Name>>>,
): string {
  const lines = Object.entries(rows).flatMap(([fault, { cells }]) => [
    fault,
    ...names.map((name) => `  ${name.padEnd(24)} ${describeCell(cells[name])}`),
  ]);
  return `\n${lines.join('\n')}\n`;
}
