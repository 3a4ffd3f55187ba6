import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { ListPage, ObjectInfo } from '../../core/ports/object-store.ts';
import { BrokenAnswerError } from './broken-answer.ts';

/**
 * A page of a listing as its port has it.
 * @param root What every key of the store begins with: the URL's prefix and a slash, or nothing.
 * @throws BrokenAnswerError where the answer lacks anything: a page is whole, or it is asked for again.
 */
export function listPage(answer: ListObjectsV2CommandOutput, root: string): ListPage {
  const { Contents = [], KeyCount, IsTruncated, NextContinuationToken } = answer;
  if (IsTruncated === undefined || (KeyCount !== undefined && KeyCount !== Contents.length))
    throw new BrokenAnswerError(`${KeyCount ?? 'a'} keys`, `${Contents.length}`);
  if (IsTruncated && !NextContinuationToken) throw new BrokenAnswerError('a token for the next page', 'none');
  const decode = answer.EncodingType === 'url' ? decodeKey : (key: string): string => key;
  const objects = Contents.map(({ Key, ETag, Size }): ObjectInfo => {
    if (Key === undefined || ETag === undefined || Size === undefined)
      throw new BrokenAnswerError(
        'key, ETag and size of each object',
        `${Key ?? ''} ${ETag ?? ''} ${Size ?? ''}`,
      );
    return { key: decode(Key).slice(root.length), etag: bareEtag(ETag), size: Size };
  });
  return {
    // The prefix itself may be a key: the marker of a folder, made by S3's console. It is not below the prefix.
    objects: objects.filter(({ key }) => key !== ''),
    ...(IsTruncated ? { next: NextContinuationToken! } : {}),
  };
}

/** The quotes belong to the header, not to the tag; not all services write them everywhere. */
export function bareEtag(etag: string): string {
  return etag.replace(/^"(.*)"$/s, '$1');
}

/** `encoding-type=url` writes a space as `+`, and the SDK does not decode it. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
