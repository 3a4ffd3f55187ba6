import assert from 'node:assert/strict';
import { cli } from '../support/cli.ts';

const COMMANDS = [
  'run',
  'classify',
  'load',
  'replay',
  'counts',
  'query',
  'sample',
  'demo',
  'schema',
  'schema infer',
  'schema check',
  'schema diff',
  'schema extract',
];

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await cli(['help']);
    assert.equal(code, 0);
    for (const name of new Set(COMMANDS.map((command) => command.split(' ')[0]!)))
      assert.match(stdout, new RegExp(`^  ${name}\\b`, 'm'));
    assert.match(stdout, /Exit codes: 0 done, 1 failed, 2 bad usage, 75 not ready yet/);
  });

  for (const command of COMMANDS) {
    it(`works for ${command}`, async () => {
      const { code, stdout, stderr } = await cli([...command.split(' '), '--help']);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.match(stdout, new RegExp(`^Usage: logferry ${command}`));
    });
  }

  it('of run offers no shards, which it would refuse', async () => {
    const { stdout } = await cli(['run', '--help']);
    assert.doesNotMatch(stdout, /--shard/);
    assert.match(stdout, /--source <url>/);
  });

  it('--version is one line', async () => {
    const { code, stdout } = await cli(['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('no command at all is bad usage', async () => assert.equal((await cli([])).code, 2));
});
