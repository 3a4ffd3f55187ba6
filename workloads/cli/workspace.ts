import type { ClassifierContext } from '../classifier/context.ts';
import { ReadRing } from '../core/bytes/read-ring.ts';
import { systemClock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { loadSchemas, SchemaSet } from '../core/schema/schema-set.ts';
import { withoutTypeKey } from '../core/schema/type-key.ts';
import { Scratch } from '../core/scratch/scratch.ts';
import type { SettingName } from '../core/settings.ts';
import type { LoaderContext } from '../loader/context.ts';
import { UsageError } from '../core/errors.ts';
import type { Io } from './io.ts';
import { makeLogger } from './logger.ts';
import { makeProgress, type ProgressBar } from './progress.ts';
import { readSettings, type GivenOptions, type Settings } from './settings.ts';
import { suggestion } from '../core/suggestion.ts';
import { shardSettings, UNSHARDED } from './shards.ts';
import { openStore, openWarehouse, recordsUrl } from './stores.ts';

/** Everything that a command works with. */
export interface Workspace {
  readonly settings: Settings;
  readonly classifier: ClassifierContext;
  readonly loader: LoaderContext;
  readonly bar: ProgressBar;
}

/** What a command needs beyond what every one has. */
export interface Needs {
  readonly settings: readonly SettingName[];
  /** Whether schema files must be there and valid. */
  readonly schemas: boolean;
  /** Whether it splits shards of hours; others split them whole. */
  readonly shards?: boolean;
}

/** Reads the settings, opens what they name, runs `work`, and leaves no scratch behind. */
export async function withWorkspace<T>(
  io: Io,
  options: GivenOptions,
  needs: Needs,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const settings = readSettings(options, io.env, needs.settings);
  const shards = needs.shards === true ? shardSettings(settings) : UNSHARDED;
  const schemas = needs.schemas ? await loadSchemas(settings.schemas) : new SchemaSet([]);
  assertTypeKey(schemas, settings);
  const only = (options.types as string[] | undefined) ?? [];
  assertKnown(only, schemas);
  const missing = unopened(settings);
  const { signal } = io;
  const open = async (what: string, url: string | undefined, mustExist = false): Promise<ObjectStore> =>
    url === undefined ? missing : openStore(what, url, { signal, mustExist });
  const source = await open('--source', settings.source, true);
  const staging = await open('--staging', settings.staging);
  const records = await open(
    '--records',
    settings.staging === undefined ? settings.records : recordsUrl(settings.staging, settings.records),
  );
  const scratch = await Scratch.create(settings.scratch, settings.scratchLimit, {
    sweeps: options.dryRun !== true,
  });
  const logger = makeLogger(io);
  const bar = await makeProgress(io);
  try {
    const warehouse =
      settings.warehouse === undefined
        ? missing
        : await openWarehouse(settings.warehouse, scratch, { lockTimeoutMs: settings.lockTimeout, signal });
    const shared = {
      staging,
      records,
      schemas,
      clock: systemClock,
      logger,
      progress: bar.report,
      signal,
      scratch,
    };
    const compression = { kind: settings.compression, level: settings.level };
    return await work({
      settings,
      bar,
      classifier: {
        ...shared,
        source,
        ring: new ReadRing(),
        compression,
        typeKey: settings.typeKey,
        partBytes: settings.partSize,
        graceMs: settings.grace,
        open: options.open === true,
        again: options.again === true,
        allowShrink: options.allowShrink === true,
        shards,
      },
      loader: {
        ...shared,
        warehouse,
        compression,
        onMisfit: settings.onMisfit,
        lane: settings.lane,
        only,
        reload: options.reload === true,
      },
    });
  } finally {
    bar.stop();
    await scratch.remove();
  }
}

/** A type that nobody knows would be a load that does nothing and says it is done. */
function assertKnown(only: readonly string[], { typeNames }: SchemaSet): void {
  const unknown = only.filter((type) => !typeNames.includes(type));
  if (unknown.length === 0) return;
  const list = unknown.map((type) => `"${type}"${suggestion(type, typeNames)}`).join(', ');
  throw new UsageError(`--types: expected types that have a schema, found ${list}`, {
    advice: `Known: ${typeNames.join(', ')}.`,
  });
}

function assertTypeKey(schemas: SchemaSet, { typeKey }: Settings): void {
  const wrong = withoutTypeKey(schemas.types, typeKey);
  if (wrong.length === 0) return;
  throw new UsageError(
    `Schemas: expected a STRING field "${typeKey}" (the type key), found none in ${wrong.map(({ table }) => `${table}.json`).join(', ')}`,
    { advice: 'Add the field, or name the right key with --type-key (LOGFERRY_TYPE_KEY).' },
  );
}

/** Stands for a store that no setting named; a command that asked for it in `needs` never meets it. */
function unopened(settings: Settings): never {
  return new Proxy(
    {},
    {
      get: (_target, property) => {
        // A promise that brings it asks whether it is one itself.
        if (property === 'then') return undefined;
        throw new TypeError(
          `${String(property)} of a store that was not opened (${Object.keys(settings).join(', ')})`,
        );
      },
    },
  ) as never;
}
