import { TerminalError } from './errors.ts';

/**
 * Reads a JSON document of the records store that carries the version of its format.
 * @param what Begins the message of an error: `Manifest`.
 * @throws TerminalError where the bytes are no document of the version that this program knows.
 */
export function parseDocument<T extends { readonly version: number }>(
  what: string,
  key: string,
  text: string,
  version: T['version'],
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TerminalError(`${what} ${key}: expected a JSON document, found ${(error as Error).message}`, {
      advice: 'The records store was changed from outside. Restore the object from its versions.',
    });
  }
  const found = (value as Partial<T> | null)?.version;
  if (found !== version) {
    throw new TerminalError(`${what} ${key}: expected version ${version}, found ${String(found)}`, {
      advice: 'A newer logferry wrote it: run the same version everywhere.',
    });
  }
  return value as T;
}
