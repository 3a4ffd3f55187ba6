import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentName, SETTINGS, type SettingName } from '../../workloads/core/settings.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The string literals of a union type in a source file: the words that people meet in indexes and must find explained. */
function unionWords(path: string, type: string): string[] {
  const [, body = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(read(path)) ?? [];
  return [...body.matchAll(/'([a-z0-9_]+)'/g)].map(([, word]) => word!);
}

describe('docs', () => {
  it('operations.md names every setting, its variable and its default', () => {
    const text = read('docs/operations.md');
    for (const name of Object.keys(SETTINGS) as SettingName[]) {
      const row = text
        .split('\n')
        .find(
          (line) =>
            line.includes(`\`--${SETTINGS[name].option}\``) && line.includes(`\`${environmentName(name)}\``),
        );
      assert.ok(row, `no row for --${SETTINGS[name].option}`);
      const { default: fallback } = SETTINGS[name];
      if (fallback !== undefined)
        assert.ok(row.includes(`\`${fallback}\``), `${name}: default ${fallback} not in: ${row}`);
    }
  });

  it('operations.md explains every reason for quarantine', () => {
    const words = [
      ...unionWords('workloads/core/set-aside/record.ts', 'QuarantineReason'),
      ...unionWords('workloads/core/compression/damage.ts', 'DamageReason').map((word) => `object_${word}`),
    ];
    assert.ok(words.length >= 12, words.join());
    const text = read('docs/operations.md');
    for (const word of words) assert.ok(text.includes(`\`${word}\``), `${word} is not explained`);
  });

  it('schemas.md explains every reason for a misfit', () => {
    const words = unionWords('workloads/core/rows/misfit.ts', 'MisfitReason');
    assert.ok(words.length >= 9, words.join());
    const text = read('docs/schemas.md');
    for (const word of words) assert.ok(text.includes(`\`${word}\``), `${word} is not explained`);
  });

  it('every relative link in a Markdown file leads somewhere', () => {
    const files = globSync(['*.md', 'docs/**/*.md', 'schemas/*.md'], { cwd: root });
    assert.ok(files.length > 8);
    const dead = files.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !existsSync(join(root, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    assert.deepEqual(dead, []);
  });
});
