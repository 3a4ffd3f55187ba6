import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CONFIG_KEYS } from '../../../infra/config/definitions.ts';
import { recordEnvironment } from '../../support/program.ts';

const text = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

/** The blocks of commands, without the indent of a list. */
const BLOCKS = [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', body = '']) =>
  body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);

describe('docs/deploy.md', () => {
  it('every block of commands is one that bash can read', () => {
    assert.ok(BLOCKS.length > 20, `${BLOCKS.length} blocks`);
    for (const block of BLOCKS) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
      assert.equal(status, 0, `${stderr}\n${block}`);
    }
  });

  it('sets only keys that the program knows', () => {
    const set = [...text.matchAll(/pulumi config set (?:--secret |--path ')?([A-Za-z]+)/g)].map(
      ([, key]) => key!,
    );
    assert.ok(set.length > 15, set.join(', '));
    assert.deepEqual(
      set.filter((key) => !(CONFIG_KEYS as readonly string[]).includes(key)),
      [],
    );
  });

  it('reads only outputs that the program has', async () => {
    const { result } = await recordEnvironment('dev');
    const read = [...text.matchAll(/pulumi stack output (?:--json )?([a-z]\w+)/gi)].map(([, name]) => name!);
    assert.ok(read.length > 5, read.join(', '));
    assert.deepEqual(
      read.filter((name) => !(name in result)),
      [],
    );
  });

  it('has the section that a refused schema sends its reader to', () => {
    const guard = readFileSync(new URL('../../../infra/schema-guard/guard.ts', import.meta.url), 'utf8');
    const [, section = 'none'] = /docs\/deploy\.md, "([^"]+)"/.exec(guard) ?? [];
    assert.ok(text.split('\n').includes(`## ${section}`), section);
  });
});
