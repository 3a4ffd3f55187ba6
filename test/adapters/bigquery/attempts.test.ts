import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lastAttempt } from '../../../workloads/adapters/bigquery/attempts.ts';

describe('the last attempt', () => {
  it('is found among any number of them, in few looks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5_000 }), async (begun) => {
        let looks = 0;
        const { number, job } = await lastAttempt((each) => {
          looks++;
          return Promise.resolve(each <= begun ? { status: { state: String(each) } } : undefined);
        });
        assert.equal(number, begun);
        assert.deepEqual(job, begun === 0 ? undefined : { status: { state: String(begun) } });
        assert.ok(looks <= 2 * Math.ceil(Math.log2(begun + 1)) + 1, `${looks} looks for ${begun}`);
      }),
    );
  });
});
