import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

// Turns what `pulumi preview --diff --color never` printed into a comment for a reviewer:
// node scripts/preview-comment.ts --stack dev --code 0 --commit <sha> < preview.txt > comment.md

/** Characters. GitHub refuses a comment over 65,536 (REST API, "body is too long"); the rest is for what stands around the diff. */
const LONGEST_DIFF = 60_000;

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
  const counts = resourceCounts(output);
  const reasons = code === 0 ? [] : failure(output);
  const fence = fenceFor(output);
  return [
    `### \`${stack}\`: ${headline(code, counts, output)}`,
    '',
    ...(loses(counts) ? ['**Something is deleted or made anew: look for `-` below.**', ''] : []),
    ...(reasons.length > 0 ? [fence, ...reasons, fence, ''] : []),
    `<details><summary>the preview of ${commit.slice(0, 12)}</summary>`,
    '',
    `${fence}diff`,
    shortened(output.split('\n').map(signFirst).join('\n').trim()),
    fence,
    '',
    '</details>',
    '',
  ].join('\n');
}

/** The lines below `Resources:`, such as `+ 2 to create`; without the one of what stays. */
function resourceCounts(output: string): string[] {
  const [, below = ''] = /^Resources:\n((?:[ \t]+\S.*\n?)+)/m.exec(output) ?? [];
  return below
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(' to '));
}

function headline(code: number, counts: readonly string[], output: string): string {
  if (code !== 0) return 'the preview failed';
  if (counts.length > 0) return counts.join(', ');
  return /^ *--outputs:--$/m.test(output) ? 'only outputs change' : 'no changes';
}

function loses(counts: readonly string[]): boolean {
  return counts.some((line) => / to (delete|replace)$/.test(line));
}

/** What begins an error, and what ends one: whatever else Pulumi prints at a line's beginning. */
const ERROR = /^\s*error: /;
const AFTER_ERROR = /^(Previewing|Resources:|Outputs:|Duration:)|^\s*(pulumi:|[+~-]{1,2} )/;

/** Each error once, with the lines that follow it: Pulumi prints some twice. */
function failure(output: string): string[] {
  const errors = new Set<string>();
  let current: string[] | undefined;
  for (const line of [...output.split('\n'), 'Previewing']) {
    const begins = ERROR.test(line);
    if (current !== undefined && (begins || AFTER_ERROR.test(line))) {
      errors.add(current.join('\n').trimEnd());
      current = undefined;
    }
    if (begins) current = [];
    current?.push(line.trim());
  }
  return [...errors];
}

/** `    ~ schema: ...` as `!    schema: ...`: GitHub colours a line by its first character. */
function signFirst(line: string): string {
  const [, indent = '', sign, rest = ''] = /^(\s*)(\+-|-\+|\+\+|--|[+~-])\s?(.*)$/.exec(line) ?? [];
  if (sign === undefined) return line;
  const colour = sign === '+' || sign === '++' ? '+' : sign === '-' || sign === '--' ? '-' : '!';
  return `${colour}${indent} ${rest}`;
}

/** The beginning and the end: at the end are the counts and the reasons. */
function shortened(text: string): string {
  if (text.length <= LONGEST_DIFF) return text;
  const half = LONGEST_DIFF / 2;
  const left = text.length - LONGEST_DIFF;
  return `${text.slice(0, half)}\n... ${left} characters are left out; the job's log has them ...\n${text.slice(-half)}`;
}

/** Longer than any run of backquotes in the text, so that nothing in it ends the block. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
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
