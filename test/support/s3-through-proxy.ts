import { after, before, beforeEach } from 'mocha';
import { FaultProxy } from './fault-proxy.ts';
import { s3Environment } from './s3-bench.ts';
import { startS3, type FakeS3 } from './s3-fauxqs.ts';

/** An S3 and the proxy in front of it; both are there once the tests run. */
export interface ProxiedS3 {
  s3: FakeS3;
  proxy: FaultProxy;
}

/** Starts both for the tests of the file that calls it. The proxy is without faults again before each. */
export function useProxiedS3(): ProxiedS3 {
  const there = {} as ProxiedS3;
  s3Environment();
  before(async () => {
    there.s3 = await startS3();
    there.proxy = await FaultProxy.start(there.s3.endpoint);
  });
  after(async () => {
    await there.proxy.close();
    await there.s3.close();
  });
  beforeEach(() => there.proxy.reset());
  return there;
}
