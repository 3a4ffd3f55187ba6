import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  filesOf,
  GENERATIONS_KEPT,
  nextGenerations,
  type SchemaGeneration,
} from '../../../infra/k8s/schema-generations.ts';

const A = { 'a.json': 'A' };
const B = { 'a.json': 'B' };
const C = { 'a.json': 'C', 'c.json': '' };
const D = { 'd.json': 'D' };

/** A few folder states that come and go, as over many deployments. */
const anyHistory = fc.array(fc.constantFrom(A, B, C, D), { minLength: 1, maxLength: 12 });

const after = (history: readonly Readonly<Record<string, string>>[]): readonly SchemaGeneration[] =>
  history.reduce<readonly SchemaGeneration[]>((previous, files) => nextGenerations(previous, files), []);
const contents = (generations: readonly SchemaGeneration[]): unknown[] => generations.map(filesOf);

describe('the schema states that stay in the cluster', () => {
  it('the newest comes first, and at most three stay', () => {
    assert.deepEqual(contents(after([A])), [A]);
    assert.deepEqual(contents(after([A, B, C])), [C, B, A]);
    assert.deepEqual(contents(after([A, B, C, D])), [D, C, B]);
  });

  it('a state that comes back moves to the front; the former one stays', () => {
    assert.deepEqual(contents(after([A, B, C, A])), [A, C, B]);
  });

  it('the stored bytes of a state stay as they are, whoever packs it next', () => {
    const [stored] = after([A]);
    assert.ok(stored !== undefined);
    const repacked = { ...stored, gz: gzipSync('{"a.json":"A"}', { level: 1 }).toString('base64') };
    assert.notEqual(repacked.gz, stored.gz);
    assert.deepEqual(nextGenerations([repacked], A), [repacked]);
  });

  it('what is not what its hash says, or no packed files at all, is left out', () => {
    const [current] = after([A]);
    assert.ok(current !== undefined);
    const broken: SchemaGeneration[] = [
      { ...current, hash: '000000000000' },
      { hash: current.hash, gz: 'no gzip' },
      { hash: current.hash, gz: gzipSync('not JSON').toString('base64') },
      { hash: current.hash, gz: gzipSync('["A"]').toString('base64') },
      { hash: current.hash, gz: gzipSync('{"a.json":1}').toString('base64') },
      { hash: current.hash, gz: gzipSync('null').toString('base64') },
    ];
    assert.deepEqual(contents(nextGenerations([...broken, ...after([B])], A)), [A, B]);
    assert.deepEqual(contents(nextGenerations([current, current], B)), [B, A]);
  });

  it('property: the same files again change nothing', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const once = after(history);
        assert.deepEqual(nextGenerations(once, history.at(-1)!), once);
      }),
    );
  });

  it('property: at most three, each once, the deployed one first and the one before it always there', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const generations = after(history);
        const deployed = contents(generations);
        assert.ok(generations.length <= GENERATIONS_KEPT);
        assert.equal(new Set(generations.map(({ hash }) => hash)).size, generations.length);
        assert.deepEqual(deployed[0], history.at(-1));
        const before = history.findLast((files) => files !== history.at(-1));
        assert.deepEqual(deployed[1], before);
      }),
    );
  });

  it('property: any files come back as they were', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (files) => {
        const [generation] = nextGenerations([], files);
        assert.ok(generation !== undefined);
        assert.deepEqual({ ...filesOf(generation) }, { ...files });
      }),
    );
  });
});
