import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { hourPath, type FolderHour } from '../../workloads/core/hour.ts';
import { measure } from '../measure/command.ts';
import { HOUR } from '../generate/write-hour.ts';
import { logferry } from '../peers/logferry.ts';
import { hourText, type Context } from './context.ts';

/** A mixed file and the schemas of its types. */
export interface MixedInput {
  readonly text: string;
  readonly source: string;
  readonly files: readonly string[];
  readonly schemas: string;
  /** Names of the schema files. */
  readonly tables: readonly string[];
  readonly typeKey: string;
  readonly hour: FolderHour;
  /** Rows of each table. */
  readonly rows: ReadonlyMap<string, number>;
}

/** GitHub's events where their folder was given, else a generated hour. */
export async function mixedInput(context: Context): Promise<MixedInput> {
  const { github, mixedMegabytes } = context.settings;
  if (github !== undefined) return githubInput(context, github);
  const hour = context.hour({ bytes: mixedMegabytes * 1e6 });
  return {
    ...hour,
    text: hourText(hour),
    tables: [...hour.raw.keys()],
    typeKey: 'log_type',
    hour: HOUR,
    rows: new Map([...hour.raw].map(([table, { lines }]) => [table, lines])),
  };
}

/** All events below a folder, again and again, in one plain file; the schemas are what logferry infers from them. */
async function githubInput(context: Context, folder: string): Promise<MixedInput> {
  const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.json(\.gz)?$/.test(path))
    .sort()
    .map((path) => readFileSync(join(folder, path)))
    .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString().trimEnd())
    .join('\n')
    .split('\n');
  const text = Buffer.from(`${lines.join('\n')}\n`);
  const times = Math.max(1, Math.round((context.settings.mixedMegabytes * 1e6) / text.length));
  const made = context.temporary('github');
  const [source, schemas] = [join(made, 'source'), join(made, 'schemas')];
  mkdirSync(join(source, hourPath(HOUR)), { recursive: true });
  const file = join(source, hourPath(HOUR), 'events.json');
  const fd = openSync(file, 'w');
  for (let time = 0; time < times; time++) writeSync(fd, text);
  closeSync(fd);
  await measure(
    logferry('schema', 'infer', HOUR, '--source', `file:${source}`, '--type-key', 'type', '--out', schemas),
  );
  const rows = new Map<string, number>();
  for (const line of lines) {
    const { type } = JSON.parse(line) as { type: string };
    rows.set(type, (rows.get(type) ?? 0) + times);
  }
  return {
    text: `${((text.length * times) / 1e6).toFixed(0)} MB of GitHub events in one plain object (${lines.length} events of ${rows.size} types, ${times} times)`,
    source,
    files: [file],
    schemas,
    tables: readdirSync(schemas).map((name) => basename(name, '.json')),
    typeKey: 'type',
    hour: HOUR,
    rows,
  };
}
