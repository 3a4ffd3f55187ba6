import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerminalError, TransientError } from '../../../workloads/core/errors.ts';
import { publish } from '../../../workloads/core/records.ts';
import type { LocalFile } from '../../../workloads/core/ports/object-store.ts';
import { crc32cBase64 } from '../../contract/crc32c-reference.ts';
import { allKeys, large } from '../../contract/store-bench.ts';
import { s3Bench, storeAt } from '../../support/s3-bench.ts';
import { useProxiedS3 } from '../../support/s3-through-proxy.ts';
import { tempFolder } from '../../support/temp.ts';

const there = useProxiedS3();
const folder = tempFolder();

function local(bytes: Buffer): LocalFile {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return { path, size: bytes.length, crc32c: crc32cBase64(bytes) };
}

describe('S3Store, creating', () => {
  it('is one PUT with If-None-Match, the length and the CRC-32C, and HEAD gives that back without a read', async () => {
    const { bucket } = await s3Bench(there.s3.endpoint);
    const store = storeAt(there.proxy.url, bucket);
    const file = local(large(5, 1));
    await store.create('o', file);
    assert.equal((await store.head('o'))?.crc32c, file.crc32c);
    assert.deepEqual(
      there.proxy.passed.map(({ method, path }) => [method, path]),
      [
        ['PUT', `/${bucket}/o?x-id=PutObject`],
        ['HEAD', `/${bucket}/o`],
      ],
    );
    const { headers } = there.proxy.passed[0]!;
    assert.equal(headers['if-none-match'], '*');
    assert.equal(headers['content-length'], String(file.size));
    assert.equal(headers['x-amz-checksum-crc32c'], file.crc32c);
    assert.equal(headers['content-encoding'], undefined, 'no chunks of the SDK’s own');
    assert.equal(headers['x-amz-trailer'], undefined);
  });

  it('publishing tells our own object from another’s after the acknowledgement was lost', async () => {
    const { bucket, put } = await s3Bench(there.s3.endpoint);
    const store = storeAt(there.proxy.url, bucket);
    const file = local(large(1, 2));
    there.proxy.next({ method: 'PUT' }, { do: 'drop-after' });
    await publish(store, 'ours', file);
    await put('theirs', large(1, 3));
    await assert.rejects(publish(store, 'theirs', file), (error: unknown) => {
      assert.ok(error instanceof TerminalError);
      assert.match(error.message, /expected 1048576 bytes with crc32c \S+, found 1048576 bytes with crc32c /);
      return true;
    });
  });

  it('a file that shrinks or changes while it is sent never becomes an object', async () => {
    const { bucket, store: direct } = await s3Bench(there.s3.endpoint);
    const store = storeAt(there.proxy.url, bucket);
    const file = local(large(5, 4));
    writeFileSync(file.path, large(5, 5));
    await assert.rejects(store.create('other', file), (error: unknown) => {
      assert.ok(error instanceof TransientError);
      assert.equal(
        error.message,
        `${file.path}: expected 5242880 bytes with crc32c ${file.crc32c}, found 5242880 bytes with ${crc32cBase64(large(5, 5))}`,
      );
      return true;
    });
    truncateSync(file.path, 5);
    await assert.rejects(store.create('shorter', file), {
      name: 'TransientError',
      message: `${file.path}: expected 5242880 bytes with crc32c ${file.crc32c}, found 5 bytes`,
    });
    assert.deepEqual(await allKeys(direct, ''), []);
  });

  it('what S3 takes in one PUT is the limit, and it is said before anything is sent', async () => {
    const file = { ...local(Buffer.from('x')), size: 5 * 1024 ** 3 + 1 };
    await assert.rejects(storeAt(there.proxy.url, 'any-bucket').create('o', file), {
      name: 'TerminalError',
      message: `${file.path}: expected at most 5 GiB for one object in S3, found 5368709121 bytes`,
    });
    assert.deepEqual(there.proxy.passed, []);
  });

  it('a key that is taken is told before the bytes are sent', async () => {
    const { bucket, put } = await s3Bench(there.s3.endpoint);
    await put('o', Buffer.from('taken'));
    const store = storeAt(there.proxy.url, bucket);
    await assert.rejects(store.create('o', local(large(5, 6))), { name: 'AlreadyExistsError' });
    assert.equal(there.proxy.passed[0]!.headers.expect, '100-continue');
  });
});
