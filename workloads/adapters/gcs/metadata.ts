import { AnswerError } from '../../core/network/answer.ts';
import type { ListPage, ObjectInfo } from '../../core/ports/object-store.ts';

/** As many keys as GCS gives on a page. */
export const PAGE_KEYS = 1_000;

/** What is asked for: a full page with all its metadata is 20 times as long. */
export const PAGE_FIELDS = 'items(name,size,generation),nextPageToken';
export const OBJECT_FIELDS = 'size,generation,crc32c';

/** An object's metadata, as far as they were asked for. 64-bit numbers come as text. */
interface ObjectResource {
  readonly name?: string;
  readonly size?: string;
  readonly generation?: string;
  readonly crc32c?: string;
}

/** A page of a listing; GCS gives names in UTF-8 order. `root` is the store's prefix with its slash. */
export function toPage(answer: object, root: string): ListPage {
  const { items = [], nextPageToken } = answer as {
    items?: readonly ObjectResource[];
    nextPageToken?: string;
  };
  const objects = items.flatMap((item): ObjectInfo[] => {
    const { name, size, generation } = item;
    if (name === undefined || size === undefined || generation === undefined) throw incomplete(item);
    const key = name.slice(root.length);
    // The placeholder by which the Cloud console shows the prefix as a folder.
    return key === '' ? [] : [{ key, etag: generation, size: Number(size) }];
  });
  return nextPageToken === undefined ? { objects } : { objects, next: nextPageToken };
}

export function objectInfo(answer: object, key: string): ObjectInfo & { readonly crc32c: string } {
  const resource = answer as ObjectResource;
  const { size, generation, crc32c } = resource;
  if (size === undefined || generation === undefined || crc32c === undefined) throw incomplete(resource);
  return { key, etag: generation, size: Number(size), crc32c };
}

function incomplete(resource: ObjectResource): AnswerError {
  return new AnswerError(
    200,
    '',
    `no name, size, generation or crc32c of an object in ${JSON.stringify(resource)}`,
  );
}
