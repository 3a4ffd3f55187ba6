import assert from 'node:assert/strict';
import { ConservationError, TerminalError } from '../../workloads/core/errors.ts';
import { parseHour } from '../../workloads/core/hour.ts';
import {
  assertConserved,
  parseManifest,
  serialiseManifest,
  type Manifest,
} from '../../workloads/core/manifest.ts';

const part = { key: 'a/x.ndjson', rows: 2, bytes: 20, size: 20, crc32c: 'AAAAAA==', sha256: 'f' };
const manifest: Manifest = {
  version: 1,
  hour: parseHour('2026-11-20T14'),
  epoch: 1,
  identity: 'i',
  fingerprint: 'f',
  typeKey: 'log_type',
  sources: [
    { key: 'x', etag: 'e', size: 50, lines: 4, bytes: 50 },
    { key: 'y', etag: 'e', size: 9, lines: 0, bytes: 0, damaged: 'truncated' },
  ],
  ...{ lines: 4, blank: 1, staged: 2, quarantined: 1, duplicateTypeKeys: 0, damaged: true },
  types: [{ type: 'a', table: 'a', rows: 2, bytes: 20, objects: [part] }],
  quarantine: { bin: 'b', index: 'i', records: 2 },
  reasons: { unknown_type: 1 },
  replayed: { count: 0, digest: '' },
  again: 0,
};

describe('the manifest', () => {
  it('that is conserved passes', () => {
    assert.doesNotThrow(() => assertConserved(manifest));
  });

  const broken: Readonly<Record<string, [changes: Partial<Manifest>, figures: RegExp]>> = {
    'a line that is nowhere': [{ lines: 5 }, /5 is not 4/],
    'a line that is in two places': [{ staged: 3 }, /4 is not 5/],
    'objects with fewer lines than the hour': [{ sources: manifest.sources.slice(1) }, /4 is not 0/],
    'types with fewer rows than were staged': [{ types: [] }, /2 is not 0/],
    'a type with more rows than its parts': [
      { types: [{ ...manifest.types[0]!, objects: [] }] },
      /2 is not 0/,
    ],
    'a quarantine that lacks a record': [{ quarantine: { bin: 'b', index: 'i', records: 1 } }, /2 is not 1/],
    'a quarantine that is missing': [{ quarantine: null }, /2 is not 0/],
  };
  for (const [what, [changes, figures]] of Object.entries(broken)) {
    it(`${what} stops the commit and names the two figures`, () => {
      assert.throws(
        () => assertConserved({ ...manifest, ...changes }),
        (error: unknown) => error instanceof ConservationError && figures.test(error.message),
      );
    });
  }

  it('its bytes do not depend on how it was built, and it is read back unchanged', () => {
    const shuffled = Object.fromEntries(Object.entries(manifest).reverse()) as unknown as Manifest;
    assert.equal(serialiseManifest(shuffled), serialiseManifest(manifest));
    assert.deepEqual(parseManifest('k', serialiseManifest(manifest)), manifest);
  });

  for (const text of ['', '{', 'null', '[]', '{}', '{"version":2}', '{"version":"1"}']) {
    it(`refuses ${JSON.stringify(text)} as a manifest and names the key`, () => {
      assert.throws(
        () => parseManifest('manifests/x/1.json', text),
        (error: unknown) => error instanceof TerminalError && error.message.includes('manifests/x/1.json'),
      );
    });
  }
});
