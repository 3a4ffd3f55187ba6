import { isMissing, type Classifier, type Missing } from '../peers/tool.ts';
import { logferryClassify, PLAIN_STAGING } from '../peers/logferry.ts';
import { plainNode, plainPython } from '../peers/scripts.ts';
import { jqAndAwk } from '../peers/text-tools.ts';
import { hourText, type Context } from './context.ts';
import type { Bar, Figure, FigureResult } from './figure.ts';
import { atLeast, checkClassified, rounds, timesOurs } from './rounds.ts';

interface Case {
  readonly name: string;
  readonly title: string;
  readonly compression: 'plain' | 'gzip';
  readonly peers: (file: string) => readonly (Classifier | Missing)[];
  readonly cpu?: Bar;
}

const CASES: readonly Case[] = [
  {
    name: 'jq',
    title: 'classify, plain, against jq and awk',
    compression: 'plain',
    peers: (file) => [jqAndAwk(file, 'mawk'), jqAndAwk(file, 'gawk')],
    cpu: atLeast(12),
  },
  {
    name: 'node',
    title: 'classify, plain, against a page of Node',
    compression: 'plain',
    peers: (file) => [plainNode(file)],
    cpu: atLeast(10),
  },
  {
    name: 'node-gzip',
    title: 'classify, gzip, against a page of Node',
    compression: 'gzip',
    peers: (file) => [plainNode(file)],
  },
  {
    name: 'python',
    title: 'classify, plain, against a page of Python',
    compression: 'plain',
    peers: (file) => [plainPython(file)],
  },
];

/** What people write themselves before they look for a tool. */
export const otherFigures: readonly Figure[] = CASES.map((each) => ({
  name: each.name,
  about: each.title,
  run: (context) => run(context, each),
}));

async function run(context: Context, { name, title, compression, peers, cpu }: Case): Promise<FigureResult> {
  const hour = context.hour({ compression, bytes: context.settings.slowMegabytes * 1e6 });
  const all = peers(hour.files[0]!);
  const present = all.filter((peer): peer is Classifier => !isMissing(peer));
  const ours = logferryClassify(hour, ...(compression === 'plain' ? PLAIN_STAGING : []));
  const tools = present.length === 0 ? [] : [ours, ...present];
  const [own, ...others] = await rounds(context, tools, context.settings.slowPairs, checkClassified(hour));
  return {
    name,
    title,
    input: hourText(hour),
    sides: own === undefined ? [] : [own, ...others],
    comparisons: others.flatMap((peer) => timesOurs(own!, peer, { cpu, wall: undefined, rss: undefined })),
    skipped: all.filter(isMissing),
  };
}
