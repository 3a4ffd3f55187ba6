import assert from 'node:assert/strict';
import fc from 'fast-check';
import { schemaChunks } from '../../../infra/k8s/schema-chunks.ts';
import { Refusal } from '../../../infra/refusal.ts';

const KIB = 2 ** 10;
/** Kubernetes: a ConfigMap's values have at most 1 MiB together. */
const LIMIT = 2 ** 20;

/** Files of any size up to what fits, of characters of one to three bytes. */
const anyFiles = fc.dictionary(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,40}$/).map((table) => `${table}.json`),
  fc
    .tuple(fc.constantFrom('x', 'é', '한'), fc.oneof(fc.nat(100), fc.nat(300 * KIB)))
    .map(([character, length]) => character.repeat(length)),
  { minKeys: 1, maxKeys: 12 },
);

const bytesOf = (files: Readonly<Record<string, string>>): number =>
  Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);

describe('schema files over ConfigMaps', () => {
  it('few files are one ConfigMap, named by its content', () => {
    assert.deepEqual(schemaChunks({ 'b.json': '{}', 'a.json': '{"x":1}' }), [
      { name: 'schemas-a6c23c6d919c', files: { 'a.json': '{"x":1}', 'b.json': '{}' } },
    ]);
  });

  it('what does not fit into one goes into the next, in the order of names', () => {
    const file = 'x'.repeat(400 * KIB);
    const chunks = schemaChunks({ 'c.json': file, 'a.json': file, 'b.json': file });
    assert.deepEqual(
      chunks.map(({ files }) => Object.keys(files)),
      [['a.json', 'b.json'], ['c.json']],
    );
  });

  it('many short files count with their names, which the API server stores twice', () => {
    const files = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`${'t'.repeat(100)}_${index}.json`, '{}']),
    );
    assert.equal(schemaChunks(files).length, 2);
  });

  it('a file that no ConfigMap can hold is refused, with the ways out', () => {
    assert.throws(
      () => schemaChunks({ 'purchase.json': 'x'.repeat(LIMIT), 'search.json': '{}' }),
      (error) => {
        assert.ok(error instanceof Refusal);
        assert.equal(
          error.message,
          'Schemas: purchase.json: expected at most 982982 bytes (a Kubernetes ConfigMap holds 1 MiB), found 1048576; ' +
            'shorten its descriptions, make nested records one JSON field, or split the log type.',
        );
        return true;
      },
    );
    assert.equal(schemaChunks({ 'purchase.json': 'x'.repeat(982_982) }).length, 1);
    assert.throws(() => schemaChunks({ 'purchase.json': 'x'.repeat(982_983) }), Refusal);
  });

  it('property: every file is in exactly one ConfigMap below the limit, under names that only content decides', () => {
    fc.assert(
      fc.property(anyFiles, (files) => {
        const chunks = schemaChunks(files);
        const parts = chunks.flatMap((chunk) => Object.entries(chunk.files));
        assert.equal(parts.length, Object.keys(files).length);
        assert.deepEqual(Object.fromEntries(parts), { ...files });
        assert.ok(
          chunks.every((chunk) => bytesOf(chunk.files) < LIMIT && Object.keys(chunk.files).length > 0),
        );
        assert.equal(new Set(chunks.map(({ name }) => name)).size, chunks.length);
        for (const { name } of chunks) assert.match(name, /^schemas-[0-9a-f]{12}$/);
        assert.deepEqual(schemaChunks(Object.fromEntries(Object.entries(files).reverse())), chunks);
      }),
    );
  });

  it('property: another content, or another name for it, is another ConfigMap', () => {
    fc.assert(
      fc.property(anyFiles, (files) => {
        const [first = ''] = Object.keys(files).sort();
        const { [first]: content = '', ...others } = files;
        const names = new Set(schemaChunks(files).map(({ name }) => name));
        const changed = schemaChunks({ ...others, [first]: `${content} ` });
        const renamed = schemaChunks({ ...others, [`0${first}`]: content });
        assert.ok(!names.has(changed[0]?.name ?? ''));
        assert.ok(!names.has(renamed[0]?.name ?? ''));
      }),
    );
  });
});
