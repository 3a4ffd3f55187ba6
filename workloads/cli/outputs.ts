import type { Writable } from 'node:stream';
import { systemCode } from '../core/errors.ts';

/** What became of the streams that a command prints to. */
export interface Outputs {
  /** Why a stream could not be written to, by its name; undefined where all was printed, or whoever read it went away. */
  readonly failure: () => string | undefined;
}

/**
 * Hears when a stream breaks. Nobody who reads along decides what is carried: whoever goes away (`| head`) has read enough, and a disk
 * that is full loses what is printed and nothing else.
 */
export function watchOutputs(streams: Readonly<Record<string, Writable>>): Outputs {
  let failure: string | undefined;
  for (const [name, stream] of Object.entries(streams))
    stream.on('error', (error) => {
      if (systemCode(error) !== 'EPIPE') failure ??= `${name} failed (${systemCode(error) ?? error.message})`;
    });
  return { failure: () => failure };
}
