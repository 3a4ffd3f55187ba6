import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, TerminalError, UsageError, type ExitCode } from '../../core/errors.ts';
import { addHours, parseHour } from '../../core/hour.ts';
import { writeLateFile, writeSample } from '../../sample/write-sample.ts';
import type { Io } from '../io.ts';
import type { GivenOptions } from '../settings.ts';
import { paint } from '../tables.ts';
import { hoursCommand } from './hours-command.ts';

/** Marks a folder that a demo made, so that making it anew never removes somebody's own files. */
const MARK = '.logferry-demo';
const FIRST = parseHour('2026-11-20T14');
const HOURS = `${FIRST}..${addHours(FIRST, 2)}`;
const LATE_HOUR = addHours(FIRST, 1);

/** The whole road on one machine: sample, run, late file, run again, and where to look. */
export async function demoCommand(io: Io, options: GivenOptions): Promise<ExitCode> {
  const folder = String(options.out);
  await makeAnew(folder);
  const place = (name: string): string => join(folder, name);
  const schemas = schemasFolder();
  const settings = {
    source: `file:${place('source')}`,
    staging: `file:${place('staging')}`,
    warehouse: `duckdb:${place('warehouse.duckdb')}`,
    schemas,
  };
  const run = async (hours: string): Promise<void> => {
    const code = await hoursCommand({ ...io, env: {} }, 'run', hours, settings);
    if (code !== EXIT.done) throw new TerminalError(`Demo: expected the run to end with 0, found ${code}`);
  };
  const say = (text: string): void => io.stdout(`\n${paint(io, 'bold', text)}\n`);

  say(
    '1. Three hours of mixed logs of a Korean game, streaming and shop service (14:00 to 16:59 UTC; 15:00 UTC is midnight in Seoul)',
  );
  const { hours } = await writeSample({ folder: place('source') });
  for (const { hour, objects, lines } of hours)
    io.stdout(`   ${hour}: ${lines} lines in ${objects.length} objects\n`);

  say('2. logferry run: every line goes to its type’s table, to the quarantine, or to the rejects');
  await run(HOURS);

  say('3. A file arrives late in 15:00 UTC');
  const late = await writeLateFile({ folder: place('source') });
  io.stdout(`   ${late.key}: ${late.lines} lines\n`);

  say(
    `4. logferry run again: only ${LATE_HOUR} is done anew, as epoch 2; types that the file did not touch are carried`,
  );
  await run(HOURS);
  io.stdout(whereToLook(folder, schemas));
  return EXIT.done;
}

async function makeAnew(folder: string): Promise<void> {
  if (existsSync(folder) && !existsSync(join(folder, MARK)) && (await readdir(folder)).length > 0) {
    throw new UsageError(`demo: expected ${folder} to be empty or made by a demo, found other files in it`, {
      advice: 'Name another folder with --out.',
    });
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARK), 'Made by "logferry demo"; the next one makes it anew.\n');
}

/** The schemas that belong to the sample lie beside the program, in the checkout and in the package. */
function schemasFolder(): string {
  const candidates = ['../../../schemas', '../schemas'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(join(path, 'log-type.schema.json')));
  if (found === undefined)
    throw new TerminalError(`demo: expected the schemas in one of ${candidates.join(', ')}, found none`);
  return found;
}

function whereToLook(folder: string, schemas: string): string {
  const place = (name: string): string => join(folder, name);
  const query = (sql: string): string =>
    `   npx logferry query --warehouse duckdb:${place('warehouse.duckdb')} "${sql}"\n`;
  return `
Where it lies
   database     ${place('warehouse.duckdb')} (tables in raw, counts and rejects in ops)
   staging      ${place('staging')}/<type>/YYYY/MM/DD/HH/
   manifests    ${place('staging/_records/manifests')}
   quarantine   ${place('staging/_records/quarantine')}: lines that could not be classified, byte for byte
   rejects      ${place('staging/_records/rejects')}: rows that break their type's schema
   schemas      ${schemas}

Two queries to try
${query(
  'SELECT day_kst, log_type, sum(row_count) AS row_count, sum(rejected) AS rejected, sum(quarantined) AS quarantined FROM ops.counts GROUP BY ALL ORDER BY ALL',
)}${query('SELECT log_type, reason, field, expected, found FROM ops.rejects LIMIT 10')}`;
}
