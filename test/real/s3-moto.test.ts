import { after, before, describe } from 'mocha';
import { objectStoreContract } from '../contract/object-store.ts';
import { s3Bench, s3Environment, S3_DIFFERENCES } from '../support/s3-bench.ts';
import { tempFolder } from '../support/temp.ts';
import { startMoto, type Moto } from './support/moto.ts';

describe('S3Store on moto', () => {
  const folder = tempFolder();
  const running: { moto?: Moto } = {};
  s3Environment();
  before(async () => {
    running.moto = await startMoto({ tempFolder: folder });
  });
  after(() => running.moto?.stop());
  const endpoint = (): string => running.moto!.url;

  objectStoreContract('S3Store, a whole bucket', () => s3Bench(endpoint()), S3_DIFFERENCES);
  objectStoreContract(
    'S3Store, below a prefix',
    () => s3Bench(endpoint(), 'team a/로그+%20'),
    S3_DIFFERENCES,
  );
});
