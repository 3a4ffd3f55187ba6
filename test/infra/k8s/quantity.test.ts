import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bytesQuantity, cpuQuantity } from '../../../infra/k8s/quantity.ts';

/** Bytes that a suffix stands for (k8s.io/apimachinery, resource.Quantity). */
const SUFFIXES: Readonly<Record<string, bigint>> = {
  '': 1n,
  k: 10n ** 3n,
  M: 10n ** 6n,
  G: 10n ** 9n,
  T: 10n ** 12n,
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
};

describe('quantities as the API server writes them', () => {
  it('bytes have the largest suffix that leaves a whole number', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [1023, '1023'],
      [1024, '1Ki'],
      [128 * 2 ** 20, '128Mi'],
      [2048 * 2 ** 20, '2Gi'],
      [1152 * 2 ** 20, '1152Mi'],
      [2 ** 30 + 2 ** 10, '1048577Ki'],
      [5 * 2 ** 50, '5120Ti'],
      [1_000_001, '1000001'],
      [125 * 10 ** 3, '125k'],
      [15 * 10 ** 5, '1500k'],
    ];
    assert.deepEqual(
      cases.map(([bytes]) => bytesQuantity(bytes)),
      cases.map(([, text]) => text),
    );
  });

  it('a core is 1000 thousandths', () => {
    assert.deepEqual([100, 1000, 1500, 12_000].map(cpuQuantity), ['100m', '1', '1500m', '12']);
  });

  it('property: no byte is lost or added, and no larger suffix would do', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), fc.constantFrom(1, 1000, 1024, 2 ** 20), (count, unit) => {
        const bytes = Math.floor(count / unit) * unit;
        const [, digits = '', suffix = ''] = /^(\d+)(\D*)$/.exec(bytesQuantity(bytes)) ?? [];
        assert.equal(BigInt(digits) * SUFFIXES[suffix]!, BigInt(bytes));
        const base = suffix.endsWith('i') || suffix === '' ? 1024n : 1000n;
        if (bytes > 0 && !suffix.startsWith('T')) assert.notEqual(BigInt(digits) % base, 0n);
      }),
    );
  });
});
