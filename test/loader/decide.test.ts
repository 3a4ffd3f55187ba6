import assert from 'node:assert/strict';
import type { LedgerRow } from '../../workloads/core/ledger.ts';
import { contentDigest, type ManifestType } from '../../workloads/core/manifest.ts';
import { decide } from '../../workloads/loader/decide.ts';

function entryOf(...contents: string[]): ManifestType {
  const objects = contents.map((sha256) => ({ key: sha256, rows: 1, bytes: 1, size: 1, crc32c: '', sha256 }));
  return { type: 't', table: 't', rows: objects.length, bytes: objects.length, objects };
}

function committedAs(epoch: number, revision: number, entry: ManifestType): LedgerRow {
  const row = {
    type: 't',
    table: 't',
    epoch,
    revision,
    state: 'loaded',
    schemaVersion: 'v',
    staged: 1,
    rows: 1,
    rejected: 0,
  };
  return {
    ...row,
    loadEpoch: epoch,
    loadRevision: revision,
    content: contentDigest(entry),
    manifest: 'm',
    rejectsBin: null,
  };
}

const FULL = entryOf('a');
const OTHER = entryOf('b');
const EMPTY = entryOf();

/** What is decided for an entry of epoch 2, by what the ledger has. */
const CASES: readonly [string, ManifestType, LedgerRow | undefined, boolean, object][] = [
  ['rows, nothing committed', FULL, undefined, false, { action: 'load', revision: 1 }],
  ['no rows, nothing committed', EMPTY, undefined, false, { action: 'empty', revision: 1 }],
  ['nothing committed, reload', FULL, undefined, true, { action: 'load', revision: 1 }],
  ['a former epoch with other rows', FULL, committedAs(1, 3, OTHER), false, { action: 'load', revision: 1 }],
  [
    'a former epoch with rows, none now',
    EMPTY,
    committedAs(1, 1, OTHER),
    false,
    { action: 'empty', revision: 1 },
  ],
  [
    'a former epoch with the same rows',
    FULL,
    committedAs(1, 2, FULL),
    false,
    { action: 'carry', revision: 1 },
  ],
  [
    'a former epoch without rows, none now',
    EMPTY,
    committedAs(1, 1, EMPTY),
    false,
    { action: 'carry', revision: 1 },
  ],
  [
    'a former epoch with the same rows, reload',
    FULL,
    committedAs(1, 2, FULL),
    true,
    { action: 'load', revision: 1 },
  ],
  ['this epoch', FULL, committedAs(2, 1, FULL), false, { action: 'none' }],
  ['this epoch, reload', FULL, committedAs(2, 4, FULL), true, { action: 'load', revision: 5 }],
  [
    'this epoch without rows, reload',
    EMPTY,
    committedAs(2, 1, EMPTY),
    true,
    { action: 'empty', revision: 2 },
  ],
  [
    'this epoch with other rows (the records were lost and made again)',
    FULL,
    committedAs(2, 1, OTHER),
    false,
    { action: 'refuse' },
  ],
  ['this epoch with other rows, reload', FULL, committedAs(2, 1, OTHER), true, { action: 'refuse' }],
  ['a higher epoch', FULL, committedAs(3, 1, OTHER), false, { action: 'refuse' }],
  ['a higher epoch with the same rows', FULL, committedAs(3, 1, FULL), false, { action: 'refuse' }],
  ['a higher epoch, reload', FULL, committedAs(3, 1, FULL), true, { action: 'refuse' }],
];

describe('what a load decides for a type', () => {
  for (const [title, entry, committed, reload, expected] of CASES) {
    it(`${title}: ${JSON.stringify(expected)}`, () => {
      const { committed: found, ...decision } = decide({ epoch: 2 }, entry, committed, reload) as {
        committed?: LedgerRow;
      };
      assert.deepEqual(decision, expected);
      if (found !== undefined) assert.equal(found, committed);
    });
  }
});
