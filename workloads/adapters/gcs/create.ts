import { AlreadyExistsError, TransientError } from '../../core/errors.ts';
import type { GoogleClient } from '../../core/google/google-client.ts';
import type { Trouble, Verdict } from '../../core/network/retry.ts';
import { UploadSession } from './upload-session.ts';
import { putAtOnce, type NewObject, type Stored } from './upload.ts';

/**
 * Up to here one request carries metadata and bytes; from here on a session is begun, in which an upload that breaks off goes on
 * where it stopped. GCS advises sessions from 8 MiB on ("Upload size considerations"). Memory is the same: both stream.
 */
export const SESSION_BYTES = 8 * 1024 * 1024;

/** What a create is done with. */
export interface Creating {
  readonly client: GoogleClient;
  readonly judge: (error: unknown) => Verdict;
  readonly trouble: Trouble;
  /** What is at the object's key now. */
  readonly look: () => Promise<Stored | undefined>;
}

/**
 * Makes an object where nothing is, trying again for as long as that can help. What is there after a try whose end is not known is
 * our own, if it is the same: its acknowledgement was lost.
 * @throws AlreadyExistsError where another one was first.
 */
export async function createObject(creating: Creating, object: NewObject): Promise<void> {
  const { client, judge, trouble, look } = creating;
  const session = new UploadSession(client, object, () => trouble.over());
  const large = object.file.size >= SESSION_BYTES;
  for (let unclear = false; ; unclear = true) {
    try {
      assertStored(await (large ? session.put() : putAtOnce(client, object)), object);
      return;
    } catch (error) {
      const verdict = judge(error);
      if (unclear && verdict.error('') instanceof AlreadyExistsError && isSame(await look(), object)) return;
      await trouble.next(verdict);
    }
  }
}

function isSame(found: Stored | undefined, { file }: NewObject): boolean {
  return found?.size === file.size && found.crc32c === file.crc32c;
}

/** GCS itself refuses bytes that are not those announced; an answer that tells of others is of something that does not. */
function assertStored(found: Stored, { bucket, name, file }: NewObject): void {
  if (isSame(found, { bucket, name, file })) return;
  throw new TransientError(
    `Object gs://${bucket}/${name}: sent ${file.size} bytes with crc32c ${file.crc32c}, stored were ${found.size} with ${found.crc32c}`,
    {
      advice: 'The bytes were changed on their way. Remove the object, then run again.',
      context: { object: name },
    },
  );
}
