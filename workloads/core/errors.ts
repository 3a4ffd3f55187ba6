/** Exit codes of every command (docs/operations.md lists what leads to each). 75 is EX_TEMPFAIL of sysexits.h. */
export const EXIT = { done: 0, failed: 1, usage: 2, notReady: 75 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What an error is about; becomes fields of the JSON log line, so that an alarm can be filtered by hour or type. */
export interface ErrorContext {
  readonly hour?: string;
  readonly type?: string;
  readonly object?: string;
  readonly [detail: string]: unknown;
}

/**
 * The root of all errors that logferry raises on purpose. `message` says what was being done to what, what was expected and
 * what was found; `advice` says what to do. `retry` tells a caller whether doing the same again can help.
 */
export abstract class LogferryError extends Error {
  abstract readonly retry: boolean;
  abstract readonly exitCode: ExitCode;
  readonly advice: string | undefined;
  readonly context: ErrorContext;

  constructor(message: string, options: { advice?: string; context?: ErrorContext; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.advice = options.advice;
    this.context = options.context ?? {};
  }
}

/** A retry cannot help: somebody has to change the input, a schema or a setting. Exit code 1. */
export class TerminalError extends LogferryError {
  override readonly retry: boolean = false;
  override readonly exitCode: ExitCode = EXIT.failed;
}

/** A retry can help: the world was busy, changed under us, or was cut off. Exit code 75. */
export class TransientError extends LogferryError {
  override readonly retry: boolean = true;
  override readonly exitCode: ExitCode = EXIT.notReady;
}

/** The thing asked for cannot be done yet: the hour is not over, no manifest, the warehouse is locked. Exit code 75. */
export class NotReadyError extends TransientError {}

/** There is no warehouse yet to read from. */
export class MissingWarehouseError extends NotReadyError {}

/** SIGINT, SIGTERM or the deadline ended the work between two commit points. Exit code 75: the next run takes it up. */
export class InterruptedError extends TransientError {}

/** Local disk, or what of it is allowed, is full. Less work at once may fit. */
export class ScratchFullError extends TerminalError {}

/** The command line, the environment or a schema file is wrong; nothing was begun. Exit code 2. */
export class UsageError extends LogferryError {
  override readonly retry: boolean = false;
  override readonly exitCode: ExitCode = EXIT.usage;
}

/** Two figures that must be equal are not: the commit is stopped. Never seen in a correct run; says which figures. */
export class ConservationError extends TerminalError {}

/** A source object was overwritten, deleted or cut short while it was read: the attempt starts again from the listing. */
export class SourceChangedError extends TransientError {}

/** A conditional create found the key taken. The caller decides whether the object there is its own. */
export class AlreadyExistsError extends TerminalError {}

/** An object that was named by a listing or a manifest is not there. */
export class ObjectNotFoundError extends TerminalError {}

/** The hour's source lost or shrank an object since the last manifest: parked until `--allow-shrink` (design 4.6). */
export class ParkedError extends TerminalError {}

/** An (epoch, revision) that is not higher than the committed one tried to commit: a late or doubled run. */
export class FencedError extends TerminalError {}

/** The exit code for any thrown thing; what is not ours is a defect or an I/O failure: 1. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof LogferryError ? error.exitCode : EXIT.failed;
}

/** The message of any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `EEXIST` ...), if it is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
