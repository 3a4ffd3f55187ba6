import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { CommanderError } from 'commander';
import { FIGURES } from '../../bench/figures/all.ts';
import { Context } from '../../bench/figures/context.ts';
import { checkClassified, rounds, UnequalError } from '../../bench/figures/rounds.ts';
import { notesOf, readOptions, type Options } from '../../bench/options.ts';
import { script } from '../../bench/peers/duckdb.ts';
import { plainNode } from '../../bench/peers/scripts.ts';
import { jqAndAwk } from '../../bench/peers/text-tools.ts';
import { isMissing, type Classifier } from '../../bench/peers/tool.ts';
import { duckdbClassify } from '../../bench/peers/duckdb.ts';
import { tempFolder } from '../support/temp.ts';

/** What was printed, and what became of it. */
function read(...argv: readonly string[]): { printed: string; options?: Options; exitCode?: number } {
  let printed = '';
  try {
    return { options: readOptions(argv, FIGURES, (text) => (printed += text)), printed };
  } catch (error) {
    assert.ok(error instanceof CommanderError);
    return { printed, exitCode: error.exitCode };
  }
}

describe('bench: options', () => {
  it('takes every figure that a small hour has something to say of where nothing is said, and names the others', () => {
    const { options } = read();
    assert.ok(options !== undefined);
    const { figures, leftOut, ...rest } = options;
    assert.deepEqual(
      leftOut.map(({ name }) => name),
      ['growth'],
    );
    assert.deepEqual(
      figures,
      FIGURES.filter(({ name }) => name !== 'growth'),
    );
    assert.deepEqual(rest, {
      megabytes: 32,
      slowMegabytes: 16,
      mixedMegabytes: 4,
      pairs: 2,
      slowPairs: 1,
      full: false,
      github: undefined,
      out: 'bench-results',
    });
    const [small, growth, ...more] = notesOf(options);
    assert.match(small!, /^Hours of at most 32 MB: .* `npm run bench -- --megabytes 256` /);
    assert.match(growth!, /^Left out: growth, for .*\. `npm run bench -- --only growth` measures it\.$/);
    assert.deepEqual(more, []);
  });

  it('leaves nothing out where it is asked for', () => {
    assert.deepEqual(read('--full').options?.figures, FIGURES);
    const { options } = read('--only', 'growth', '--megabytes', '128');
    assert.deepEqual(
      options?.figures.map(({ name }) => name),
      ['growth'],
    );
    assert.deepEqual(notesOf(options), []);
  });

  it('gives slow peers no more than they can carry in an hour', () => {
    const sizes = (...argv: readonly string[]): number[] => {
      const { megabytes, slowMegabytes, mixedMegabytes } = read(...argv).options!;
      return [megabytes, slowMegabytes, mixedMegabytes];
    };
    assert.deepEqual(sizes('--full'), [1_000, 1_000, 64]);
    assert.deepEqual(sizes('--megabytes', '100'), [100, 100, 64]);
    assert.deepEqual(sizes('--megabytes', '8', '--full'), [8, 8, 8]);
    const { pairs, slowPairs } = read('--full', '--pairs', '2').options!;
    assert.deepEqual([pairs, slowPairs], [2, 2]);
  });

  it('takes what is said, also over what --full brings', () => {
    const { options } = read(
      '--full',
      '--megabytes',
      '250',
      '--only',
      'load',
      'jq',
      '--github',
      'logs',
      '--out',
      'here',
    );
    assert.deepEqual(
      options?.figures.map(({ name }) => name),
      ['jq', 'load'],
    );
    const { megabytes, pairs, full, github, out } = options;
    assert.deepEqual(
      { megabytes, pairs, full, github, out },
      { megabytes: 250, pairs: 5, full: true, github: 'logs', out: 'here' },
    );
    assert.equal(read('--full').options?.megabytes, 1_000);
  });

  it('refuses what it does not know and says what it meant', () => {
    const typo = read('--megabyte', '3');
    assert.match(typo.printed, /unknown option '--megabyte'\n\(Did you mean --megabytes\?\)/);
    assert.notEqual(typo.exitCode, 0);
    const figure = read('--only', 'lod');
    for (const { name } of FIGURES) assert.ok(figure.printed.includes(name), name);
    for (const wrong of ['0', '-1', '1.5', 'x'])
      assert.match(read('--pairs', wrong).printed, /whole number above 0/);
    assert.match(read('all').printed, /too many arguments/);
  });

  it('teaches every figure and option by --help', () => {
    const { printed, exitCode } = read('--help');
    assert.equal(exitCode, 0);
    for (const { name, about } of FIGURES) assert.ok(printed.includes(name) && printed.includes(about), name);
    for (const option of ['--full', '--only', '--megabytes', '--pairs', '--github', '--out'])
      assert.ok(printed.includes(option));
  });
});

describe('bench: peers', () => {
  const context = (): Context =>
    new Context(
      tempFolder(),
      {
        megabytes: 0.3,
        slowMegabytes: 0.3,
        mixedMegabytes: 0.3,
        pairs: 1,
        slowPairs: 1,
        full: false,
        github: undefined,
      },
      () => undefined,
    );

  it('classify as the generator says, DuckDB and the page of Node, plain and packed', async () => {
    const here = context();
    for (const compression of ['plain', 'gzip'] as const) {
      const hour = here.hour({ compression });
      const tools = [
        duckdbClassify(hour, compression === 'plain' ? 'none' : 'gzip'),
        plainNode(hour.files[0]!),
      ];
      const sides = await rounds(here, tools, 1, checkClassified(hour));
      assert.deepEqual(
        sides.map(({ name }) => name),
        ['DuckDB', 'readline + JSON.parse'],
      );
      assert.equal(sides[0]!.runs.length, 1);
      assert.match(
        sides[1]!.command,
        /^node bench\/peers\/readline\.js BENCH\/hour-\w+\/source\/\S+ OUTPUT$/,
      );
    }
  });

  it('are refused with type and counts where they sort a line wrongly', async () => {
    const here = context();
    const hour = here.hour({ shape: { contradicting: 0.05 } });
    // DuckDB takes the first of two type keys, which is not what counts.
    await assert.rejects(
      rounds(here, [duckdbClassify(hour, 'none')], 1, checkClassified(hour)),
      (error: unknown) => {
        assert.ok(error instanceof UnequalError);
        assert.match(error.message, /^DuckDB gave other lines than its input has:\n/);
        assert.match(
          error.message,
          /decoy: expected 0 lines of 0 bytes, found [1-9]\d* lines of [1-9]\d* bytes/,
        );
        return true;
      },
    );
  });

  it('are named where they are missing, with what brings them', () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    let peer: ReturnType<typeof jqAndAwk>;
    try {
      peer = jqAndAwk('a.json', 'gawk');
    } finally {
      process.env.PATH = path;
    }
    assert.ok(isMissing(peer));
    assert.deepEqual(peer, {
      name: 'jq + gawk',
      install: 'apt-get install jq gawk, or brew install jq gawk',
    });
    const present: Classifier = plainNode('a.json');
    assert.equal(isMissing(present), false);
  });

  it('are written in what the machine has: no script fails to parse', () => {
    for (const name of ['duckdb-classify.js', 'duckdb-load.js', 'readline.js'])
      execFileSync(process.execPath, ['--check', script(name)]);
  });
});
