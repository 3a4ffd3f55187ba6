import {
  LogferryError,
  messageOf,
  systemCode,
  TerminalError,
  TransientError,
  type ErrorContext,
} from './errors.ts';

/** open(2): a process, or the whole host, has as many files open as it may. Others are closed meanwhile, so a retry can help. */
const OPEN_FILES: Readonly<Record<string, string>> = {
  EMFILE:
    'This process has as many files open as it may. Run it again; if it comes back, raise the limit of open files (ulimit -n, or that of the pod’s container runtime).',
  ENFILE:
    'This host has as many files open as it may. Run it again; if it comes back, find what holds them (lsof), or raise fs.file-max.',
};

/**
 * What an error of the operating system means to people.
 * @param what Was being done to what; the error's code follows it.
 * @param advice For all errors but those that say the same of whatever was being done.
 * @returns The error itself where it is ours.
 */
export function systemFailure(
  what: string,
  error: unknown,
  { advice, context }: { readonly advice: string; readonly context?: ErrorContext },
): LogferryError {
  if (error instanceof LogferryError) return error;
  const code = systemCode(error);
  const message = `${what} (${code ?? messageOf(error)})`;
  const more = { cause: error, ...(context === undefined ? {} : { context }) };
  const limit = OPEN_FILES[code ?? ''];
  return limit === undefined
    ? new TerminalError(message, { advice, ...more })
    : new TransientError(message, { advice: limit, ...more });
}
