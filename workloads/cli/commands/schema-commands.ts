import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, systemCode, TerminalError, UsageError, type ExitCode } from '../../core/errors.ts';
import { parseHours } from '../../core/hour.ts';
import type { Field, LogType } from '../../core/schema/log-type.ts';
import { parseLogType } from '../../core/schema/parse.ts';
import { withoutTypeKey } from '../../core/schema/type-key.ts';
import { checkSchemas, formatProblem } from '../../core/schema/schema-set.ts';
import { diffSchemas } from '../../schemas/diff.ts';
import { inferSchemas, type InferResult } from '../../schemas/infer.ts';
import type { Io } from '../io.ts';
import { makeLogger } from '../logger.ts';
import { readSettings, type GivenOptions } from '../settings.ts';
import { paint, renderTable } from '../tables.ts';
import { withWorkspace } from '../workspace.ts';

/** Proposes schema files; never overwrites one that somebody may have edited. */
export async function inferCommand(io: Io, hours: string, options: GivenOptions): Promise<ExitCode> {
  const chosen = parseHours(hours);
  const depth = String(options.maxDepth);
  if (!/^(\d|1[0-5])$/.test(depth))
    throw new UsageError(`--max-depth: expected 0 to 15 (BigQuery’s limit), found "${depth}"`);
  return withWorkspace(io, options, { settings: ['source'], schemas: false }, async ({ classifier }) => {
    const { source, typeKey, scratch, signal, logger } = classifier;
    const result = await inferSchemas({ source, typeKey, scratch, signal, maxDepth: Number(depth) }, chosen);
    if (result.types.length === 0) {
      throw new TerminalError(
        `Infer: expected lines with a "${typeKey}" in ${hours} of ${source.url}, found none in ${result.lines} lines`,
        {
          advice: 'Check HOURS, --source and --type-key.',
        },
      );
    }
    const folder = String(options.out);
    const dryRun = options.dryRun === true;
    const kept = dryRun ? [] : await writeDocuments(folder, result);
    for (const file of kept) logger.log('WARNING', `${file} is there already: not touched`, { file });
    if (options.json === true) io.stdout(`${JSON.stringify(result)}\n`);
    else io.stdout(describeInference(io, folder, result, dryRun));
    return EXIT.done;
  });
}

/** @returns The files that were there already. */
async function writeDocuments(folder: string, { types }: InferResult): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const kept: string[] = [];
  for (const { table, document } of types) {
    const file = join(folder, `${table}.json`);
    try {
      await writeFile(file, `${JSON.stringify(document, undefined, 2)}\n`, { flag: 'wx' });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      kept.push(file);
    }
  }
  return kept;
}

function describeInference(
  io: Io,
  folder: string,
  { types, lines, skipped }: InferResult,
  dryRun: boolean,
): string {
  if (dryRun)
    return types
      .map(({ table, document }) => `// ${table}.json\n${JSON.stringify(document, undefined, 2)}\n`)
      .join('\n');
  const rows = types.map(({ type, table, rows: count, unsure }) => [
    type,
    join(folder, `${table}.json`),
    count,
    unsure.length,
  ]);
  const notes = types.flatMap(({ type, unsure }) =>
    unsure.map((note) => `  ${paint(io, 'bold', type)}: ${note}`),
  );
  const left = Object.entries(skipped).map(([reason, count]) => `${count} ${reason}`);
  return [
    renderTable(io, ['type', 'file', 'rows', 'unsure'], rows),
    `${lines} lines read${left.length > 0 ? `; not used: ${left.join(', ')}` : ''}\n`,
    ...(notes.length > 0 ? [`Look at these before you commit the files:\n${notes.join('\n')}\n`] : []),
    'Next: edit the files, then "logferry schema check".\n',
  ].join('');
}

/** Validates every file of the folder. Exit code 2 where any is wrong. */
export async function checkCommand(io: Io, options: GivenOptions): Promise<ExitCode> {
  const settings = readSettings(options, io.env, []);
  const { set, problems, files } = await checkSchemas(settings.schemas);
  const withoutKey = withoutTypeKey(set.types, settings.typeKey).map(({ table }) => ({
    file: join(settings.schemas, `${table}.json`),
    path: '$.fields',
    expected: `a STRING field "${settings.typeKey}", the type key (--type-key)`,
    found: 'none',
  }));
  const all = [...problems, ...withoutKey];
  if (options.json === true) io.stdout(`${JSON.stringify({ files: files.length, problems: all })}\n`);
  else if (all.length > 0) io.stdout(`${all.map(formatProblem).join('\n')}\n`);
  else io.stdout(`${files.length} schema files in ${settings.schemas} are valid\n`);
  if (files.length === 0) makeLogger(io).log('WARNING', `No schema file in ${settings.schemas}`);
  return all.length > 0 ? EXIT.usage : EXIT.done;
}

/** Exit code 1 where any change breaks: a pull request's check stops there. */
export async function diffCommand(
  io: Io,
  before: string,
  after: string,
  options: GivenOptions,
): Promise<ExitCode> {
  const [former, latter] = [await readTypes(before), await readTypes(after)];
  // Two single files are two versions of one type, whatever they are called.
  const bothFiles = before.endsWith('.json') && after.endsWith('.json');
  const same = bothFiles
    ? former.map((logType) => ({ ...logType, table: latter[0]?.table ?? logType.table }))
    : former;
  const changes = diffSchemas(same, latter);
  if (options.json === true) io.stdout(`${JSON.stringify(changes)}\n`);
  else if (changes.length === 0) io.stdout('No difference.\n');
  else {
    const color = { additive: 'green', breaking: 'red', cosmetic: 'dim' } as const;
    io.stdout(
      renderTable(
        io,
        ['table', 'where', 'kind', 'what'],
        changes.map(({ table, path, kind, what }) => [table, path, paint(io, color[kind], kind), what]),
      ),
    );
  }
  return changes.some(({ kind }) => kind === 'breaking') ? EXIT.failed : EXIT.done;
}

async function readTypes(path: string): Promise<readonly LogType[]> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new UsageError(`Schemas: cannot read ${path} (${systemCode(error) ?? String(error)})`);
  });
  if (stats.isDirectory()) {
    const { set, problems } = await checkSchemas(path);
    if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join('\n'));
    return set.types;
  }
  const parsed = parseLogType(path, await readFile(path, 'utf8'));
  if ('problems' in parsed) throw new UsageError(parsed.problems.map(formatProblem).join('\n'));
  return [parsed.logType];
}

/** A table's fields as BigQuery prints them, to be held against what was agreed. */
export async function extractCommand(io: Io, table: string, options: GivenOptions): Promise<ExitCode> {
  return withWorkspace(io, options, { settings: ['warehouse'], schemas: false }, async ({ loader }) => {
    const fields = await loader.warehouse.session((session) => session.describe(table), { readOnly: true });
    if (fields === undefined) {
      throw new TerminalError(`Extract: expected a table ${table} in ${loader.warehouse.url}, found none`, {
        advice: '"logferry counts" lists the types that are loaded.',
      });
    }
    io.stdout(`${JSON.stringify(fields.map(spell), undefined, 2)}\n`);
    return EXIT.done;
  });
}

function spell({ name, type, mode, fields }: Field): object {
  return { name, type, mode, ...(fields === undefined ? {} : { fields: fields.map(spell) }) };
}
