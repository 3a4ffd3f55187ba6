import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { failures, outputsChange, previewLines, resourceCounts, withoutMemory } from './preview-text.ts';

// Turns what `pulumi preview --diff --color never` printed into a comment for a reviewer:
// node scripts/preview-comment.ts --stack dev --code 0 --commit <sha> < preview.txt > comment.md

/**
 * Characters of a whole comment. GitHub refuses one over 65,536 (REST API, "body is too long"); the workflow puts a line of its own
 * before it.
 */
const LONGEST_COMMENT = 65_000;

/** Characters of the reasons: the refusal of a change of a hundred columns, and room for the diff beside it. */
const LONGEST_REASONS = 20_000;

/** Characters of one line, and of the heading: a line is never cut to make room, so none may fill it. */
const LONGEST_LINE = 1_000;
const LONGEST_HEADING = 200;

/** Backquotes in a row: GitHub ends a block at as many as began it, and whoever changes the program writes what it prints. */
const LONGEST_FENCE = 8;
const LONG_RUN = new RegExp(`\`{${LONGEST_FENCE},}`, 'g');

/** A preview that has ended. */
export interface Preview {
  readonly stack: string;
  /** The exit code of `pulumi preview`. */
  readonly code: number;
  readonly commit: string;
  /** All that it printed, without colours. */
  readonly output: string;
}

/** The comment on a preview, in Markdown: what will happen in one line, why it failed if it did, and the diff to unfold. */
export function previewComment({ stack, code, commit, output }: Preview): string {
  const lines = previewLines(output);
  const counts = resourceCounts(lines);
  const reasons = code === 0 ? [] : failures(lines).flatMap((reason) => reason.split('\n'));
  const before = [
    `### \`${stack}\`: ${shortLine(headline(code, counts, lines), LONGEST_HEADING)}`,
    '',
    ...(loses(counts) ? ['**Something is deleted or made anew: look for `-` below.**', ''] : []),
    ...(reasons.length > 0 ? [...block('', reasons, LONGEST_REASONS), ''] : []),
    `<details><summary>the preview of ${commit.slice(0, 12)}</summary>`,
    '',
  ];
  const after = ['', '</details>', ''];
  const room = LONGEST_COMMENT - [...before, ...after].join('\n').length;
  return [...before, ...block('diff', withoutMemory(lines).map(signFirst), room), ...after].join('\n');
}

function headline(code: number, counts: readonly string[], lines: readonly string[]): string {
  if (code !== 0) return 'the preview failed';
  if (counts.length > 0) return counts.join(', ');
  return outputsChange(lines) ? 'only outputs change' : 'no changes';
}

function loses(counts: readonly string[]): boolean {
  return counts.some((line) => / to (delete|replace)$/.test(line));
}

/** `    ~ schema: ...` as `!    schema: ...`: GitHub colours a line by its first character. */
function signFirst(line: string): string {
  const [, indent = '', sign, rest = ''] =
    /^(\s*)(\+-|-\+|\+\+|--(?!outputs)|[+~-](?!-outputs))\s?(.*)$/.exec(line) ?? [];
  if (sign === undefined) return line;
  const colour = sign === '+' || sign === '++' ? '+' : sign === '-' || sign === '--' ? '-' : '!';
  return `${colour}${indent} ${rest}`;
}

/** A block of at most `room` characters, with its newlines, that nothing in it ends. */
function block(language: string, lines: readonly string[], room: number): string[] {
  const text = lines.map((line) => shortLine(line.replaceAll(LONG_RUN, '`'.repeat(LONGEST_FENCE - 1))));
  const longest = Math.max(
    2,
    ...text
      .join('\n')
      .matchAll(/`+/g)
      .map(([run]) => run.length),
  );
  const fence = '`'.repeat(longest + 1);
  const frame = `${fence}${language}\n\n${fence}\n`.length;
  return [`${fence}${language}`, ...shortened(trimmed(text), room - frame), fence];
}

function trimmed(lines: readonly string[]): string[] {
  const filled = (line: string): boolean => line !== '';
  return lines.slice(Math.max(0, lines.findIndex(filled)), lines.findLastIndex(filled) + 1);
}

function shortLine(line: string, longest = LONGEST_LINE): string {
  return line.length <= longest
    ? line
    : `${line.slice(0, longest)} ... ${line.length - longest} more characters`;
}

/** Longer than the line that says what is left out. */
const NOTE_LENGTH = 100;

/** The beginning and the end, in whole lines: at the end are the counts and the reasons. */
function shortened(lines: readonly string[], room: number): string[] {
  const total = sum(lines);
  if (total <= room) return [...lines];
  const half = (room - NOTE_LENGTH) / 2;
  const head = lines.slice(0, fitting(lines, half));
  const tail = lines.slice(lines.length - fitting(lines.toReversed(), half));
  const left = total - sum(head) - sum(tail);
  return [...head, `... ${left} characters are left out; the job's log has them ...`, ...tail];
}

/** Characters, with a newline each. */
function sum(lines: readonly string[]): number {
  return lines.reduce((length, line) => length + line.length + 1, 0);
}

/** How many lines from the first on have room. */
function fitting(lines: readonly string[], room: number): number {
  let length = 0;
  const tooMany = lines.findIndex((line) => (length += line.length + 1) > room);
  return tooMany === -1 ? lines.length : tooMany;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { stack: { type: 'string' }, code: { type: 'string' }, commit: { type: 'string' } },
  });
  const { stack, code, commit } = values;
  if (stack === undefined || code === undefined || commit === undefined)
    throw new Error(
      'usage: node scripts/preview-comment.ts --stack NAME --code N --commit SHA < preview.txt',
    );
  process.stdout.write(
    previewComment({ stack, code: Number(code), commit, output: readFileSync(0, 'utf8') }),
  );
}
