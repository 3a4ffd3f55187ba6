import { ObjectNotFoundError, TerminalError } from '../../core/errors.ts';
import type { ListPage } from '../../core/ports/object-store.ts';
import type { Call } from './call.ts';
import { factsOf } from './facts.ts';
import { notThere } from './judge.ts';

/** The first keys that begin so. */
type ListFirst = (prefix: string) => Promise<ListPage>;

/**
 * Asks for an object; a refusal is held against a listing. To those who may not list the whole bucket S3 says 403 where nothing is
 * ("If you don't have the s3:ListBucket permission, Amazon S3 returns 403", GetObject), and a permission for one prefix is none for
 * the bucket: without this an object that was deleted would ring the alarm for credentials.
 * @throws ObjectNotFoundError where a listing that is allowed does not show the key.
 */
export async function orMissing<T>(call: Call, list: ListFirst, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isDenial(error, call) && (await isGone(call, list))) throw notThere(call, error).error('');
    throw error;
  }
}

/** For a call to which a missing object is an answer. */
export function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ObjectNotFoundError) return undefined;
  throw error;
}

/** An answer to HEAD has no body, and so no code: the SDK then has a name of its own. */
const DENIALS = ['AccessDenied', 'Forbidden', 'Unknown', '403'];

function isDenial(error: unknown, { env }: Call): boolean {
  const { status, name, credentials } = factsOf(error, env);
  return status === 403 && !credentials && DENIALS.includes(name);
}

async function isGone({ key = '' }: Call, list: ListFirst): Promise<boolean> {
  try {
    // Of all keys that begin with this one it comes first.
    const { objects } = await list(key);
    return objects[0]?.key !== key;
  } catch (error) {
    // Forbidden as well: nothing is known of the key, and the refusal itself is what there is to tell.
    if (error instanceof TerminalError) return false;
    throw error;
  }
}
