import { after, before } from 'mocha';
import { objectStoreContract } from '../../contract/object-store.ts';
import { s3Bench, s3Environment, S3_DIFFERENCES } from '../../support/s3-bench.ts';
import { startS3, type FakeS3 } from '../../support/s3-fauxqs.ts';

let s3: FakeS3;
s3Environment();
before(async () => {
  s3 = await startS3();
});
after(() => s3.close());

objectStoreContract('S3Store, a whole bucket', () => s3Bench(s3.endpoint), S3_DIFFERENCES);
objectStoreContract('S3Store, below a prefix', () => s3Bench(s3.endpoint, 'team a/로그+%20'), S3_DIFFERENCES);
