import { MAX_RANGE_HOURS } from './hour.ts';

/** How a setting's text is read; the command line and `infra/` share these definitions, so a name is spelled once. */
export type SettingKind = 'text' | 'url' | 'count' | 'duration' | 'bytes' | 'choice' | 'misfit';

/** A setting: an option `--type-key`, and the environment variable `LOGFERRY_TYPE_KEY`. */
export interface SettingDefinition {
  readonly option: string;
  readonly kind: SettingKind;
  readonly placeholder: string;
  readonly description: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** The least and the greatest of a count, or of bytes, both included. */
  readonly min?: number;
  readonly max?: number;
}

/** More is a slip, as of a range of hours. */
const MAX_LOOKBACK_HOURS = MAX_RANGE_HOURS;

const define = <K extends string>(settings: Record<K, SettingDefinition>): Record<K, SettingDefinition> =>
  settings;

/** Every setting that logferry knows; any other `LOGFERRY_` variable is refused. */
export const SETTINGS = define({
  source: {
    option: 'source',
    kind: 'url',
    placeholder: 'url',
    description:
      'where YYYY/MM/DD/HH/ folders begin, such as file:logs or s3://bucket/prefix?region=ap-northeast-2',
  },
  staging: {
    option: 'staging',
    kind: 'url',
    placeholder: 'url',
    description: 'where rows lie by type before they are loaded, such as file:staging or gs://bucket',
  },
  records: {
    option: 'records',
    kind: 'url',
    placeholder: 'url',
    description: 'where manifests, quarantine and rejects are kept (default: <staging>/_records)',
  },
  warehouse: {
    option: 'warehouse',
    kind: 'url',
    placeholder: 'url',
    description:
      'where the tables are, such as duckdb:wh.duckdb or bigquery://project?raw=R&temp=T&ops=O&location=US',
  },
  schemas: {
    option: 'schemas',
    kind: 'text',
    placeholder: 'folder',
    description: 'one <table>.json a log type',
    default: 'schemas',
  },
  typeKey: {
    option: 'type-key',
    kind: 'text',
    placeholder: 'key',
    description: 'the key whose value is the log type',
    default: 'log_type',
  },
  lookback: {
    option: 'lookback',
    kind: 'count',
    placeholder: 'hours',
    description: 'without HOURS: how far back unfinished hours are taken up',
    default: '48',
    min: 1,
    max: MAX_LOOKBACK_HOURS,
  },
  grace: {
    option: 'grace',
    kind: 'duration',
    placeholder: 'time',
    description: 'how long after its end an hour counts as over',
    default: '3m',
  },
  deadline: {
    option: 'deadline',
    kind: 'duration',
    placeholder: 'time',
    description: 'begin no further hour after this; 0 = no deadline',
    default: '0',
  },
  lane: {
    option: 'lane',
    kind: 'choice',
    placeholder: 'lane',
    description: 'load only the types of this lane',
    default: 'all',
    choices: ['fast', 'standard', 'all'],
  },
  onMisfit: {
    option: 'on-misfit',
    kind: 'misfit',
    placeholder: 'policy',
    description: 'for all types of this run: fail, setAside, setAside:5%',
  },
  compression: {
    option: 'staging-compression',
    kind: 'choice',
    placeholder: 'kind',
    description: 'of staged parts; BigQuery reads plain ones in parallel',
    default: 'gzip',
    choices: ['gzip', 'none'],
  },
  level: {
    option: 'compression-level',
    kind: 'count',
    placeholder: '1-9',
    description: 'of gzip; higher is smaller and slower',
    default: '1',
    min: 1,
    max: 9,
  },
  partSize: {
    option: 'part-size',
    kind: 'bytes',
    placeholder: 'size',
    description: 'uncompressed bytes at which a staged part is closed',
    default: '512MiB',
    // A part of no bytes would be one for each row.
    min: 1,
  },
  shards: {
    option: 'shards',
    kind: 'count',
    placeholder: 'count',
    description: 'over how many processes a large hour may be spread',
    default: '1',
  },
  shard: {
    option: 'shard',
    kind: 'count',
    placeholder: 'index',
    description: 'which of them this process is, from 0',
  },
  throughput: {
    option: 'throughput',
    kind: 'bytes',
    placeholder: 'size',
    description: 'stored bytes of the source that one shard splits in a second',
    default: '4MB',
  },
  shardTime: {
    option: 'shard-time',
    kind: 'duration',
    placeholder: 'time',
    description: 'how long one shard may take: an hour has as many as that needs',
    default: '5m',
  },
  scratch: {
    option: 'scratch',
    kind: 'text',
    placeholder: 'folder',
    description: 'local disk for unfinished work (default: the system’s)',
  },
  scratchLimit: {
    option: 'scratch-limit',
    kind: 'bytes',
    placeholder: 'size',
    description: 'stop at 90 % of this; 0 = the disk decides',
    default: '0',
  },
  lockTimeout: {
    option: 'lock-timeout',
    kind: 'duration',
    placeholder: 'time',
    description: 'how long to wait for a locked DuckDB file',
    default: '60s',
  },
});

export type SettingName = keyof typeof SETTINGS;

/** `LOGFERRY_TYPE_KEY` for `--type-key`. */
export function environmentName(name: SettingName): string {
  return `LOGFERRY_${SETTINGS[name].option.toUpperCase().replaceAll('-', '_')}`;
}

/** All environment variables that logferry reads. */
export const ENVIRONMENT_NAMES: readonly string[] = (Object.keys(SETTINGS) as SettingName[]).map(
  environmentName,
);
