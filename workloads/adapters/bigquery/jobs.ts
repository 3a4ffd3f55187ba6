import { backoff } from '../../core/attempts.ts';
import { TransientError } from '../../core/errors.ts';
import { checkInterrupt } from '../../core/interrupt.ts';
import { AnswerError } from '../../core/network/answer.ts';
import type { Api } from './api.ts';
import { judge, type Call } from './judge.ts';
import type { JobProblem, JobResource } from './resources.ts';

/** How a job is waited for, in milliseconds. */
export interface PollPolicy {
  readonly baseMs: number;
  readonly capMs: number;
  /** After this long the wait is given up; a load goes on without us, and the next run waits for the same job. */
  readonly deadlineMs: number;
}

/** Most jobs take 2 to 10 s; an hourly run must not sit on one for the whole hour. */
export const POLL: PollPolicy = { baseMs: 250, capMs: 8_000, deadlineMs: 30 * 60_000 };

/** Sends what begins a job under the given id. */
export type BeginJob = (jobId: string) => Promise<JobResource>;

/** Jobs by ids of our own: whatever becomes of an answer, the same id tells what became of the job. */
export class Jobs {
  readonly #api: Api;
  readonly #poll: PollPolicy;
  readonly #signal: AbortSignal | undefined;

  constructor(api: Api, poll: PollPolicy, signal: AbortSignal | undefined) {
    this.#api = api;
    this.#poll = poll;
    this.#signal = signal;
  }

  /** @param what `Load of 3 objects into x`, for messages. */
  async find(jobId: string, what: string): Promise<JobResource | undefined> {
    const call = { what: `${what}: cannot look at job ${jobId}` };
    return (await this.#api.call(call, this.#request(jobId), [404])).body;
  }

  /**
   * Begins a job once. After a try whose end is not known, and where the id is taken, the job of that id is asked for: it is ours,
   * or of a run that does the same work.
   */
  async begin(jobId: string, call: Call, send: BeginJob): Promise<JobResource> {
    const trouble = this.#api.trouble();
    for (;;) {
      try {
        return await send(jobId);
      } catch (error) {
        const verdict = judge(error, call);
        const taken = error instanceof AnswerError && error.status === 409;
        const found = taken || verdict.again !== 'no' ? await this.find(jobId, call.what) : undefined;
        if (found !== undefined) return found;
        await trouble.next(taken ? { ...verdict, again: 'yes' } : verdict);
      }
    }
  }

  /** Waits for a job's end. @throws TransientError where it takes too long; the job goes on. */
  async end(jobId: string, begun: JobResource, what: string): Promise<JobResource> {
    const deadline = performance.now() + this.#poll.deadlineMs;
    let job: JobResource | undefined = begun;
    for (let attempt = 0; ; attempt++) {
      if (job?.status?.state === 'DONE') return job;
      if (performance.now() >= deadline) throw this.#tooLong(jobId, job, what);
      await this.#pause(attempt);
      job = await this.find(jobId, what);
    }
  }

  /** Asks for a job's end; whether it came to it, nobody knows. */
  async cancel(jobId: string, what: string): Promise<void> {
    const call = { what: `${what}: cannot cancel job ${jobId}` };
    const request = this.#request(jobId);
    await this.#api.call(call, { ...request, method: 'POST', url: `${request.url}/cancel` }, [404]);
  }

  #request(jobId: string) {
    const { location } = this.#api.place;
    // Jobs are kept by location: without it those outside of US and EU are not found.
    return { method: 'GET', url: `/jobs/${encodeURIComponent(jobId)}`, query: { location } } as const;
  }

  async #pause(attempt: number): Promise<void> {
    try {
      await backoff(attempt, this.#poll.baseMs, this.#poll.capMs, this.#signal);
    } catch (error) {
      if (this.#signal !== undefined) checkInterrupt(this.#signal);
      throw error;
    }
  }

  #tooLong(jobId: string, job: JobResource | undefined, what: string): TransientError {
    const seconds = this.#poll.deadlineMs / 1_000;
    const state = job?.status?.state ?? 'not found';
    return new TransientError(
      `${what}: expected job ${jobId} to end within ${seconds} s, found it ${state.toLowerCase()}`,
      {
        advice:
          'The next run asks for the same job. Jobs that stay pending wait for slots: look at the project’s reservations and quotas.',
        context: { job: jobId },
      },
    );
  }
}

/**
 * Everything that a job found wrong, what ended it first; empty where it succeeded. Errors that did not end it count, too: nothing
 * may be missing without being told, and whether a commit is there the ledger says.
 */
export function problemsOf({ status }: JobResource): readonly JobProblem[] {
  const { errorResult, errors = [] } = status ?? {};
  if (errorResult === undefined) return errors;
  const isSame = (error: JobProblem): boolean =>
    error.reason === errorResult.reason &&
    error.message === errorResult.message &&
    error.location === errorResult.location;
  return [errorResult, ...errors.filter((error) => !isSame(error))];
}

/** Problems as one text, each with its reason and place. */
export function spellProblems(problems: readonly JobProblem[]): string {
  return problems
    .map(({ reason = 'unknown', location = '', message = '' }) => {
      const place = location === '' ? '' : ` at ${location}`;
      return `${reason}${place}: ${message}`;
    })
    .join('; ');
}
