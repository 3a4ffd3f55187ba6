import { Command, InvalidArgumentError, Option } from 'commander';
import type { Settings } from './figures/context.ts';
import type { Figure } from './figures/figure.ts';

/** What was asked for. */
export interface Options extends Settings {
  readonly figures: readonly Figure[];
  /** Those that nothing asked for. */
  readonly leftOut: readonly Figure[];
  /** Folder of the report. */
  readonly out: string;
}

/** All figures in a minute on two cores; large enough that starting Node is no great part of what is compared. */
const QUICK = { megabytes: 32, slowMegabytes: 16, mixedMegabytes: 4, pairs: 2, slowPairs: 1 };
/** The published figures, in an hour: the promises are of a GB. */
const FULL = { megabytes: 1_000, slowMegabytes: 1_000, mixedMegabytes: 64, pairs: 5, slowPairs: 3 };

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
      `the published figures, every one: ${FULL.megabytes} MB, ${FULL.pairs} pairs (${FULL.slowPairs} beside slow peers); takes an hour`,
    )
    .addOption(new Option('--only <figure...>', 'only these figures').choices(names))
    .option(
      '--megabytes <count>',
      `uncompressed size of an hour (default: ${QUICK.megabytes}; ${QUICK.slowMegabytes} beside what is slow, ${QUICK.mixedMegabytes} beside dlt)`,
      positive,
    )
    .option(
      '--pairs <count>',
      `alternating runs of each side (default: ${QUICK.pairs}, ${QUICK.slowPairs} beside slow peers)`,
      positive,
    )
    .option('--github <folder>', 'source of real GitHub events, for `run`; without it the generated hour')
    .option('--out <folder>', 'where results.json, results.md and ratios.svg are written', 'bench-results')
    .addHelpText('after', `\nFigures:\n${figures.map(helpLine).join('\n')}`)
    .allowExcessArguments(false)
    .showHelpAfterError('(npm run bench -- --help lists the options)')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print })
    .parse(argv, { from: 'user' });
  const { full = false, only, megabytes, pairs, github, out } = command.opts<Typed>();
  const usual = full ? FULL : QUICK;
  const sizes = megabytes === undefined ? {} : sizesOf(megabytes);
  const counts = pairs === undefined ? {} : { pairs, slowPairs: pairs };
  const leftOut = figures.filter((figure) => only === undefined && !full && figure.leftOut !== undefined);
  const measured = figures.filter((figure) => only?.includes(figure.name) ?? !leftOut.includes(figure));
  return { ...usual, ...sizes, ...counts, full, github, out, figures: measured, leftOut };
}

/** Sizes where a person names one: what is slow gets no more than the published figures give it. */
function sizesOf(megabytes: number): Pick<Settings, 'megabytes' | 'slowMegabytes' | 'mixedMegabytes'> {
  return {
    megabytes,
    slowMegabytes: Math.min(megabytes, FULL.slowMegabytes),
    mixedMegabytes: Math.min(megabytes, FULL.mixedMegabytes),
  };
}

/** Megabytes from which on starting, and making a file a type, are a small part of what a classification takes. */
const LARGE_MEGABYTES = 128;

/** What a reader of the figures must know of how they were asked for. */
export function notesOf({ megabytes, leftOut }: Options): string[] {
  const small = `Hours of at most ${megabytes} MB: starting and making a file for each type are much of what logferry takes. What large hours cost, \`npm run bench -- --megabytes 256\` tells in minutes and \`--full\` in an hour.`;
  return [
    ...(megabytes < LARGE_MEGABYTES ? [small] : []),
    ...leftOut.map(
      ({ name, leftOut: reason }) =>
        `Left out: ${name}, for ${reason}. \`npm run bench -- --only ${name}\` measures it.`,
    ),
  ];
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.');
  return Number(text);
}

const helpLine = ({ name, about, leftOut }: Figure): string =>
  `  ${name.padEnd(22)}${about}${leftOut === undefined ? '' : ' (only by --only or --full)'}`;
