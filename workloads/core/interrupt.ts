import { InterruptedError } from './errors.ts';

/** @throws InterruptedError once somebody asked for the end: called between commit points, never inside one. */
export function checkInterrupt(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason = typeof signal.reason === 'string' ? signal.reason : 'a signal';
  throw new InterruptedError(`Interrupted by ${reason}: nothing is half-committed`, {
    advice: 'Run the same command again; it takes up what is left.',
  });
}
