import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Warns as soon as somebody listens. */
const WARN = `process.on('newListener', (event) => {
  if (event === 'warning') setImmediate(() => process.emitWarning('no metadata here', 'LookupWarning'));
})`;

describe('what a library warns of', () => {
  it('is one JSON line for a machine, as everything else', () => {
    const preload = `data:text/javascript,${encodeURIComponent(WARN)}`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', preload, 'workloads/cli.ts', 'counts', '--warehouse', 'duckdb:/nowhere/wh.duckdb'],
      { encoding: 'utf8' },
    );
    assert.notEqual(status, 0);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { severity: string; message: string });
    assert.deepEqual(
      lines
        .filter(({ message }) => message.startsWith('LookupWarning'))
        .map(({ severity, message }) => [severity, message]),
      [['NOTICE', 'LookupWarning: no metadata here']],
    );
    assert.equal(lines.length, 2);
  });
});
