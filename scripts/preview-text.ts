import { stripVTControlCharacters } from 'node:util';

// What is to be learnt from the text of `pulumi preview --diff --color never`, and what in it is of no use to a reviewer.

/** The lines of a preview. `--color never` is not heeded by Node's own error messages. */
export function previewLines(output: string): string[] {
  return stripVTControlCharacters(output).split('\n');
}

/** The lines below `Resources:`, such as `+ 2 to create`; without the one of what stays. */
export function resourceCounts(lines: readonly string[]): string[] {
  const from = lines.indexOf('Resources:') + 1;
  if (from === 0) return [];
  const below = lines.slice(from);
  const end = below.findIndex((line) => !/^[ \t]+\S/.test(line));
  return below
    .slice(0, end === -1 ? undefined : end)
    .map((line) => line.trim())
    .filter((line) => line.includes(' to '));
}

/** The stack's own outputs change; what is merely read (a bucket that is adopted) shows its outputs too, further in. */
export function outputsChange(lines: readonly string[]): boolean {
  return lines.includes('    --outputs:--');
}

const ERROR = /^\s*error: /;

/** A resource's first line, such as `    ~ gcp:bigquery/table:Table: (update)`. */
const STEP = /^ *(?:[+~<>-]{1,2} ?)?[\w-]+:[\w./-]+:\w+: \([a-z -]+\)/;

/** What Pulumi itself prints at a line's beginning. */
const HEADING = /^(?:Previewing|Resources:|Outputs:|Duration:|Diagnostics:)/;

/** Says only that there was an error. */
const NO_REASON = 'error: preview failed';

/**
 * The errors, each once, with all lines that belong to them: Pulumi prints some twice. An error lasts until Pulumi speaks again: its
 * own lines may begin with a hyphen and may be empty.
 */
export function failures(lines: readonly string[]): string[] {
  const errors = new Set<string>();
  let current: string[] | undefined;
  for (const line of [...lines, 'Previewing']) {
    const begins = ERROR.test(line);
    if (current !== undefined && (begins || HEADING.test(line) || STEP.test(line))) {
      errors.add(current.join('\n').trimEnd());
      current = undefined;
    }
    if (begins) current = [];
    current?.push(current.length === 0 ? line.trim() : line.trimEnd());
  }
  const reasons = [...errors].filter((error) => error !== NO_REASON);
  return reasons.length > 0 ? reasons : [...errors];
}

/** What the program remembers from run to run: as large as all schemas together, and shown wholly where one line of it changes. */
const MEMORY = /^(?:deployedSchemas|schemaGenerations) *: [[{]$/;
/** The same, read by the run. It is no change. */
const OWN_OUTPUTS = /^pulumi:pulumi:StackReference: \(read\)$/;
/** The schema files in the cluster, new with each change of one of them; the pull request's own diff shows that change. */
const SCHEMA_FILES = /^\[urn=.*[:$]kubernetes:core\/v1:ConfigMap::schemas-/;
const DATA = /^data *: \{$/;

/** Where a line's text begins, behind its sign. */
function columnOf(line: string): number {
  return /^ *(?:(?:[+~<>-]{1,2})(?= )| *(?:\+-|\+\+|--|<<|>>)(?=\w))? */.exec(line)![0].length;
}

/** The preview without what says nothing to a reviewer and takes most of the room. */
export function withoutMemory(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let urn = '';
  /** The column of what is left out. */
  let leaving: number | undefined;
  for (const line of lines) {
    const column = columnOf(line);
    const text = line.slice(column);
    if (leaving !== undefined) {
      // A resource may lie further in than the one before it: below its component.
      if (!STEP.test(line) && (text === '' || column > leaving)) continue;
      const closes = column === leaving && /^[\]}]$/.test(text);
      leaving = undefined;
      if (closes) continue;
    }
    if (text.startsWith('[urn=')) urn = text;
    const whole = OWN_OUTPUTS.test(text);
    if (whole || MEMORY.test(text) || (DATA.test(text) && SCHEMA_FILES.test(urn))) leaving = column;
    if (!whole) kept.push(leaving === undefined ? line : `${line} ... (left out; the job's log has it)`);
  }
  return kept;
}
