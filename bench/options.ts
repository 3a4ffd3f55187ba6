import { Command, InvalidArgumentError, Option } from 'commander';
import type { Settings } from './figures/context.ts';
import type { Figure } from './figures/figure.ts';

/** What was asked for. */
export interface Options extends Settings {
  readonly figures: readonly Figure[];
  /** Folder of the report. */
  readonly out: string;
}

/** Small enough for seconds, large enough that starting Node is no great part of it. */
const MEGABYTES = 32;
const PAIRS = 3;
const SLOW_PAIRS = 1;
/** The published figures. */
const FULL = { megabytes: 1_000, pairs: 5 };

/** What a person typed. */
interface Typed {
  readonly full?: boolean;
  readonly only?: string[];
  readonly megabytes?: number;
  readonly pairs?: number;
  readonly github?: string;
  readonly out: string;
}

/**
 * Reads the bench's own command line.
 * @throws CommanderError, once usage and what is wrong were handed to `print`.
 */
export function readOptions(
  argv: readonly string[],
  figures: readonly Figure[],
  print: (text: string) => void,
): Options {
  const names = figures.map(({ name }) => name);
  const command = new Command('npm run bench --')
    .description('Measures logferry against its peers on this machine, each as a whole command.')
    .option(
      '--full',
      `the published figures: ${FULL.megabytes} MB, ${FULL.pairs} pairs, every size; takes an hour`,
    )
    .addOption(new Option('--only <figure...>', 'only these figures').choices(names))
    .option('--megabytes <count>', `uncompressed size of an hour (default: ${MEGABYTES})`, positive)
    .option(
      '--pairs <count>',
      `alternating runs of each side (default: ${PAIRS}, ${SLOW_PAIRS} with slow peers)`,
      positive,
    )
    .option('--github <folder>', 'source of real GitHub events, for `run`; without it the generated hour')
    .option('--out <folder>', 'where results.json, results.md and ratios.svg are written', 'bench-results')
    .addHelpText(
      'after',
      `\nFigures:\n${figures.map(({ name, about }) => `  ${name.padEnd(22)}${about}`).join('\n')}`,
    )
    .allowExcessArguments(false)
    .showHelpAfterError('(npm run bench -- --help lists the options)')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print })
    .parse(argv, { from: 'user' });
  const { full = false, only, megabytes, pairs, github, out } = command.opts<Typed>();
  return {
    full,
    megabytes: megabytes ?? (full ? FULL.megabytes : MEGABYTES),
    pairs: pairs ?? (full ? FULL.pairs : PAIRS),
    slowPairs: pairs ?? (full ? FULL.pairs : SLOW_PAIRS),
    github,
    out,
    figures: only === undefined ? figures : figures.filter(({ name }) => only.includes(name)),
  };
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.');
  return Number(text);
}
