import assert from 'node:assert/strict';
import { InterruptedError, TerminalError, TransientError } from '../../../workloads/core/errors.ts';
import { retried, Trouble, type Verdict } from '../../../workloads/core/network/retry.ts';

const QUICK = { deadlineMs: 60_000, baseMs: 0, capMs: 0 };
const verdict = (again: Verdict['again']): Verdict => ({
  again,
  error: (after) => new TransientError(`it failed${after}`),
});

/** Fails so often, then gives its number of calls. */
function failing(times: number): () => Promise<number> {
  let calls = 0;
  return () => (++calls <= times ? Promise.reject(new Error('no')) : Promise.resolve(calls));
}
const trouble = (policy = QUICK, signal?: AbortSignal): Trouble => new Trouble(policy, signal);

describe('a call that is tried again', () => {
  it('goes on for as long as its verdict says so, and gives what came in the end', async () => {
    assert.equal(await retried(failing(20), () => verdict('yes'), trouble()), 21);
  });

  it('ends at once where another try cannot help, in the words of the verdict', async () => {
    const final: Verdict = { again: 'no', error: (after) => new TerminalError(`never${after}`) };
    await assert.rejects(
      retried(failing(1), () => final, trouble()),
      new TerminalError('never'),
    );
  });

  it('ends after four tries where the address may be wrong', async () => {
    const few = (): Verdict => verdict('few');
    assert.equal(await retried(failing(3), few, trouble()), 4);
    await assert.rejects(retried(failing(4), few, trouble()), {
      name: 'TransientError',
      message: /^it failed \(4 tries in \d+ s\)$/,
    });
  });

  it('begins no try after the deadline', async () => {
    const policy = { ...QUICK, deadlineMs: 0 };
    await assert.rejects(
      retried(failing(1), () => verdict('yes'), trouble(policy)),
      new TransientError('it failed'),
    );
  });

  it('counts anew once work went on', async () => {
    const work = trouble();
    for (let time = 0; time < 12; time++) {
      await work.next(verdict('few'));
      work.over();
    }
    for (let time = 0; time < 3; time++) await work.next(verdict('few'));
    await assert.rejects(work.next(verdict('few')), { message: /\(4 tries in \d+ s\)/ });
  });

  it('is interrupted in the middle of a pause', async () => {
    const end = new AbortController();
    const patient = { deadlineMs: 600_000, baseMs: 600_000, capMs: 600_000 };
    const call = retried(failing(1), () => verdict('yes'), trouble(patient, end.signal));
    end.abort();
    await assert.rejects(call, InterruptedError);
  });
});
