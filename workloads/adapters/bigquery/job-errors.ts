import {
  ConservationError,
  FencedError,
  TerminalError,
  TransientError,
  type ErrorContext,
  type LogferryError,
} from '../../core/errors.ts';
import { FENCED, MISCOUNT } from '../../core/sql/commit.ts';
import { spellProblems } from './jobs.ts';
import { adviceOn, isConflict, isPassingReason, isQuota, isTableMissing } from './reasons.ts';
import type { JobProblem } from './resources.ts';

/** What our own assertions begin with; where an engine repeats the statement, a quote stands before it. */
const raised = (text: string): RegExp => new RegExp(`(?<!['"])${text}`);
const IS_FENCED = raised(FENCED);
const IS_MISCOUNT = raised(MISCOUNT);

/** What a failed transaction means. @param temp Dataset of the TEMP tables. */
export function commitError(problems: readonly JobProblem[], temp: string, jobId: string): LogferryError {
  const { reason = '', message = '' } = problems[0]!;
  const context = { job: jobId };
  if (problems.some((problem) => IS_FENCED.test(problem.message ?? '')))
    return new FencedError(message, { context });
  if (problems.some((problem) => IS_MISCOUNT.test(problem.message ?? '')))
    return new ConservationError(message, { context });
  const whole = spellProblems(problems);
  const again = (said: string, advice: string): TransientError =>
    new TransientError(`${said}: ${whole}`, { advice, context });
  if (isConflict(message)) return again('The transaction met another one', 'Run again.');
  if (isTableMissing(message, temp)) {
    return again(
      'The transaction’s TEMP table is gone',
      'Another run of this hour dropped it behind its own commit, or it expired: run again.',
    );
  }
  if (isQuota(reason, message) || isPassingReason(reason))
    return again('BigQuery could not run the transaction', adviceOn(reason, message));
  return new TerminalError(`The transaction failed and was rolled back: ${whole}`, {
    advice: `Nothing was committed. ${adviceOn(reason, message)}`,
    context,
  });
}

/** Whether a load that failed so is worth another job. */
export function isPassing(problems: readonly JobProblem[]): boolean {
  const { reason = '', message = '' } = problems[0]!;
  return isPassingReason(reason) && !isQuota(reason, message);
}

/** What a failed load means; every error that BigQuery lists is told (five at most). */
export function loadError(what: string, problems: readonly JobProblem[], jobId: string): LogferryError {
  const { reason = '', message = '' } = problems[0]!;
  const context: ErrorContext = { job: jobId };
  const text = `${what} failed: ${spellProblems(problems)}`;
  if (isQuota(reason, message) || isPassingReason(reason))
    return new TransientError(text, { advice: adviceOn(reason, message), context });
  const advice =
    reason === 'invalid'
      ? 'Every row passed the row check, so this is a defect of logferry or a changed object.'
      : adviceOn(reason, message);
  return new TerminalError(text, { advice: `${advice} Nothing was committed.`, context });
}
