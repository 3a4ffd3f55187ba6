import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder for the tests of the file that calls it, removed after them. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'logferry-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
