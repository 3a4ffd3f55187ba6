import assert from 'node:assert/strict';
import { suggestion } from '../../workloads/core/suggestion.ts';

describe('did you mean', () => {
  it('names the nearest known word, where it is at most two letters or a third of the word away', () => {
    const known = ['region', 'endpoint'];
    assert.equal(suggestion('regoin', known), ' (did you mean region?)');
    assert.equal(suggestion('end-points', known), ' (did you mean endpoint?)');
    assert.equal(suggestion('colour', known), '');
  });

  it('says nothing where nothing is known', () => {
    assert.equal(suggestion('region', []), '');
  });
});
