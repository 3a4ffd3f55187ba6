import type { ReadRing } from '../core/bytes/read-ring.ts';
import { SourceChangedError } from '../core/errors.ts';
import type { ObjectInfo, ObjectStore } from '../core/ports/object-store.ts';

/**
 * The stored bytes of an object of the plan, all of them. A body that ends early without an error (a connection that was cut) is
 * no shorter object: its last lines would be missing, or a sound gzip would be taken for a damaged one.
 * @param ring Of whoever reads one object after another.
 * @param onBytes Told of each chunk's length.
 * @returns Chunks that are valid until the one after the next is asked for.
 */
export async function readPlanned(
  source: ObjectStore,
  { key, etag, size }: ObjectInfo,
  ring: ReadRing,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<AsyncIterable<Buffer>> {
  const body = await source.read(key, { etag, ring });
  const whole = async function* (): AsyncGenerator<Buffer> {
    let read = 0;
    for await (const chunk of body) {
      read += (chunk as Buffer).length;
      onBytes((chunk as Buffer).length);
      yield chunk as Buffer;
    }
    if (read === size) return;
    throw new SourceChangedError(
      `Object ${source.url}/${key}: expected a body of ${size} bytes, found ${read}`,
      {
        context: { object: key },
      },
    );
  };
  return whole();
}
