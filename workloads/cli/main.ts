import { Command, CommanderError, Option } from 'commander';
import { EXIT, exitCodeOf, type ExitCode } from '../core/errors.ts';
import { environmentName, SETTINGS, type SettingName } from '../core/settings.ts';
import { hoursCommand } from './commands/hours-command.ts';
import { logError } from './hours.ts';
import type { Io } from './io.ts';
import { makeLogger } from './logger.ts';
import type { GivenOptions } from './settings.ts';
import { version } from './version.ts';

/** Runs one command line. Never throws: what went wrong is logged, and the exit code says whether a retry can help. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  let complaint = '';
  const program = buildProgram(
    io,
    (code) => (exitCode = code),
    (text) => (complaint += text),
  );
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      if (io.interactive) io.stderr(complaint);
      else makeLogger(io).log('ERROR', complaint.trim(), { error: 'UsageError', retry: false });
      return EXIT.usage;
    }
    logError(makeLogger(io), error);
    return exitCodeOf(error);
  }
}

const STORES: readonly SettingName[] = ['source', 'staging', 'records', 'warehouse', 'schemas', 'typeKey'];
const SCRATCH: readonly SettingName[] = ['scratch', 'scratchLimit', 'lockTimeout'];
const CLASSIFY: readonly SettingName[] = [
  'grace',
  'lookback',
  'deadline',
  'compression',
  'level',
  'partSize',
];
const SHARDS: readonly SettingName[] = ['shards', 'shard', 'throughput', 'shardTime'];
const LOAD: readonly SettingName[] = ['lane', 'onMisfit'];

/** @param complain Takes what commander says of a wrong command line, in pieces. */
function buildProgram(io: Io, done: (code: ExitCode) => void, complain: (text: string) => void): Command {
  const program = new Command('logferry')
    .description(
      'Carries hours of mixed NDJSON logs to typed tables, and proves that no row was lost or doubled.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: complain })
    .showHelpAfterError('"logferry help" lists the commands, "logferry help <command>" its options.')
    .addHelpText('after', EXAMPLES);

  for (const command of ['run', 'classify', 'load'] as const) {
    const words = {
      run: 'classify and load hours: the whole road',
      classify: 'split hours of the source by type into staging',
      load: 'bring classified hours into the warehouse',
    };
    const definition = program
      .command(command)
      .description(words[command])
      .argument(
        '[hours]',
        'one UTC hour such as 2026-11-20T00, or a range A..B; without it the recent unfinished ones',
      )
      .option('--dry-run', 'show what would be done, write nothing')
      .option('--json', 'print one JSON document');
    const own = { run: LOAD, classify: SHARDS, load: LOAD }[command];
    withSettings(definition, [...STORES, ...CLASSIFY, ...own, ...SCRATCH]);
    // Taken only to be refused with what to do instead.
    if (command === 'run') withSettings(definition, ['shards', 'shard'], { hidden: true });
    if (command !== 'load') {
      definition
        .option('--open', 'take also hours that are not over')
        .option('--again', 'split the hour anew though nothing changed: staging lost or broke its parts')
        .option('--allow-shrink', 'follow a source that lost or shrank objects');
    }
    if (command !== 'classify') {
      definition
        .option('--reload', 'load again what is committed, as the next revision')
        .option('--types <type...>', 'only these types');
    }
    definition.action(async (hours: string | undefined, options: GivenOptions) =>
      done(await hoursCommand(io, command, hours, options)),
    );
  }

  withSettings(
    program
      .command('replay')
      .description('take what was set aside through the road again, once the schemas are mended')
      .argument('<what>', 'rejects or quarantine')
      .argument('<hours>', 'one UTC hour, or a range A..B')
      .option('--dry-run', 'show what lies set aside, write nothing')
      .option('--json', 'print one JSON document'),
    [...STORES, ...CLASSIFY, 'onMisfit', ...SCRATCH],
  ).action(async (what: string, hours: string, options: GivenOptions) => {
    const { replayCommand } = await import('./commands/replay-command.ts');
    done(await replayCommand(io, what, hours, options));
  });

  withSettings(
    program
      .command('counts')
      .description('print the count view')
      .option('--json', 'print [{type, hour, rows}]'),
    ['warehouse', ...SCRATCH],
  ).action(async (options: GivenOptions) => {
    const { countsCommand } = await import('./commands/counts-command.ts');
    done(await countsCommand(io, options));
  });

  withSettings(
    program
      .command('query')
      .description('run one read-only SQL query in the warehouse')
      .argument('<sql>', 'such as "SELECT * FROM ops.counts"')
      .option('--json', 'print the rows as JSON'),
    ['warehouse', ...SCRATCH],
  ).action(async (sql: string, options: GivenOptions) => {
    const { queryCommand } = await import('./commands/query-command.ts');
    done(await queryCommand(io, sql, options));
  });

  addSchemaCommands(program, io, done);
  addSampleCommands(program, io, done);
  return program;
}

function addSchemaCommands(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const schema = program.command('schema').description('propose, check, compare and print schemas');
  withSettings(
    schema
      .command('infer')
      .description('read real lines and propose a schema file for each type')
      .argument('<hours>', 'one UTC hour, or a range A..B')
      .requiredOption('--out <folder>', 'where the files go; files that are there already are not touched')
      .option('--max-depth <levels>', 'type RECORDs nested deeper than this JSON', '15')
      .option('--dry-run', 'print the files instead of writing them')
      .option('--json', 'print one JSON document'),
    ['source', 'typeKey', 'scratch', 'scratchLimit'],
  ).action(async (hours: string, options: GivenOptions) => {
    const { inferCommand } = await import('./commands/schema-commands.ts');
    done(await inferCommand(io, hours, options));
  });
  withSettings(
    schema
      .command('check')
      .description('validate every schema file')
      .option('--json', 'print one JSON document'),
    ['schemas', 'typeKey'],
  ).action(async (options: GivenOptions) => {
    const { checkCommand } = await import('./commands/schema-commands.ts');
    done(await checkCommand(io, options));
  });
  schema
    .command('diff')
    .description('say which changes are additive and which break')
    .argument('<before>', 'a schema file, or a folder of them')
    .argument('<after>', 'a schema file, or a folder of them')
    .option('--json', 'print one JSON document')
    .action(async (before: string, after: string, options: GivenOptions) => {
      const { diffCommand } = await import('./commands/schema-commands.ts');
      done(await diffCommand(io, before, after, options));
    });
  withSettings(
    schema
      .command('extract')
      .description('print the field list of a table in the warehouse')
      .argument('<table>', 'the table’s name'),
    ['warehouse', ...SCRATCH],
  ).action(async (table: string, options: GivenOptions) => {
    const { extractCommand } = await import('./commands/schema-commands.ts');
    done(await extractCommand(io, table, options));
  });
}

function addSampleCommands(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('sample')
    .description('write three hours of made-up logs, the same every time')
    .requiredOption('--out <folder>', 'where the YYYY/MM/DD/HH/ folders go')
    .option('--lines <count>', 'lines an hour', '8000')
    .option('--seed <number>', 'another sample', '1')
    .option('--late', 'add the late file to a sample that is there')
    .option('--dry-run', 'say what would be written, write nothing')
    .action(async (options: GivenOptions) => {
      const { sampleCommand } = await import('./commands/sample-command.ts');
      done(await sampleCommand(io, options));
    });
  program
    .command('demo')
    .description('the whole road on this machine: sample, run, late file, run again')
    .option('--out <folder>', 'where everything goes; made anew', 'demo')
    .action(async (options: GivenOptions) => {
      const { demoCommand } = await import('./commands/demo-command.ts');
      done(await demoCommand(io, options));
    });
}

function withSettings(command: Command, names: readonly SettingName[], { hidden = false } = {}): Command {
  for (const name of names) {
    const { option, placeholder, description, default: fallback } = SETTINGS[name];
    const help = `${description}${fallback === undefined ? '' : ` (default: ${fallback})`} [${environmentName(name)}]`;
    const definition = new Option(`--${option} <${placeholder}>`, help).hideHelp(hidden);
    definition.attributeName = () => name;
    command.addOption(definition);
  }
  return command;
}

const EXAMPLES = `
Examples:
  logferry demo                                    see it work, no account needed
  logferry schema infer 2026-11-20T00 --source file:logs --out schemas
  logferry run 2026-11-20T00..2026-11-20T05 --source file:logs --staging file:staging --warehouse duckdb:wh.duckdb
  logferry run 2026-11-20T00 --source 's3://logs/app?region=ap-northeast-2' --staging gs://staging --records gs://records \\
    --warehouse 'bigquery://project?raw=raw&temp=load_temp&ops=ops&location=US'
  logferry counts --warehouse duckdb:wh.duckdb

Hours are UTC and name a folder YYYY/MM/DD/HH; A..B includes both ends.
Quote a URL that has ? or &: a shell takes them for its own.
Exit codes: 0 done, 1 failed, 2 bad usage, 75 not ready yet (try again).
`;
