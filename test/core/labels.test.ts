import assert from 'node:assert/strict';
import { labelValue } from '../../workloads/core/labels.ts';

describe('values of labels', () => {
  it('have lower-case letters, digits, _ and -', () => {
    assert.deepEqual(['order/created', '2026-11-20T14', '구매', 'A b.C'].map(labelValue), [
      ...['order_created', '2026-11-20t14', '구매', 'a_b_c'],
    ]);
  });

  it('are cut after 63 characters or 128 bytes, never within a character', () => {
    const deseret = '\u{10428}';
    assert.equal(labelValue('a'.repeat(70)), 'a'.repeat(63));
    assert.equal(labelValue(`${'a'.repeat(62)}${deseret}`), `${'a'.repeat(62)}${deseret}`);
    assert.equal(labelValue('가'.repeat(63)), '가'.repeat(42));
    assert.equal(
      labelValue(`${'a'.repeat(27)}${deseret.repeat(30)}`),
      `${'a'.repeat(27)}${deseret.repeat(25)}`,
    );
  });
});
