import type { Engine } from './engine.ts';
import type { Hook } from './stand-in/action.ts';
import type { Cloud } from './stand-in/cloud.ts';
import type { CloudResource } from './stand-in/resource-type.ts';
import { waitFor } from './wait.ts';

/**
 * When the engine dies. `asked`: what was done is in its state, and what is under way did not reach the cloud. `done`: the cloud did what
 * is under way, and the engine heard of none of it.
 */
export type Moment = 'asked' | 'done';

/** For the engine to write down what it was told; it does so within tens of milliseconds, a busy machine within seconds. */
const WRITE_DOWN_SECONDS = 60;

/** Starts an `up` and kills it at its `count`th write to the cloud, with all the other writes that are under way. */
export async function killUpAt(engine: Engine, cloud: Cloud, count: number, moment: Moment): Promise<void> {
  const reached = Promise.withResolvers<undefined>();
  const dead = Promise.withResolvers<undefined>();
  let writes = 0;
  const hook: Hook = async ({ kind }) => {
    if (kind === 'read' || ++writes < count) return;
    reached.resolve(undefined);
    // An answer now, even a bad one, might still reach the engine.
    await dead.promise;
    throw new Error('the engine is gone');
  };
  const place = moment === 'asked' ? 'before' : 'after';
  cloud[place] = hook;
  try {
    const ready = reached.promise.then(() => atRest(engine, moment === 'asked' ? cloud.resources : []));
    await engine.upKilled(ready);
  } finally {
    cloud[place] = undefined;
    dead.resolve(undefined);
  }
}

/**
 * Waits until the engine, all of whose requests now hang, has written down the last that it knows, with at least these resources. A kill
 * in the middle of that could leave half a file; where teams keep state, in Pulumi Cloud or a bucket, a write is whole or not at all.
 */
async function atRest(engine: Engine, atLeast: readonly CloudResource[]): Promise<void> {
  let former = '';
  await waitFor('the engine to write down what it made', WRITE_DOWN_SECONDS, async () => {
    const state = await engine.exported();
    const { resources = [] } = state.deployment;
    const ids = new Set(resources.map(({ type, id }) => `${type} ${id ?? ''}`));
    const latest = JSON.stringify(state);
    const same = latest === former;
    former = latest;
    return same && atLeast.every(({ type, id }) => ids.has(`${type} ${id}`)) ? true : undefined;
  });
}
