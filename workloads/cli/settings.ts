import { UsageError } from '../core/errors.ts';
import { durationMs, sizeBytes } from '../core/quantities.ts';
import { isOnMisfit, parseOnMisfit } from '../core/schema/parse.ts';
import type { OnMisfit } from '../core/schema/log-type.ts';
import {
  environmentName,
  ENVIRONMENT_NAMES,
  SETTINGS,
  type SettingDefinition,
  type SettingName,
} from '../core/settings.ts';
import { suggestion } from '../core/suggestion.ts';

/** What the user said, by option; only options that were given. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** All settings of a run, read and checked. Durations are milliseconds, sizes bytes. */
export interface Settings {
  readonly source?: string;
  readonly staging?: string;
  readonly records?: string;
  readonly warehouse?: string;
  readonly schemas: string;
  readonly typeKey: string;
  readonly lookback: number;
  readonly grace: number;
  readonly deadline: number;
  readonly lane: 'fast' | 'standard' | 'all';
  readonly onMisfit?: OnMisfit;
  readonly compression: 'gzip' | 'none';
  readonly level: number;
  readonly partSize: number;
  readonly shards: number;
  readonly shard?: number;
  /** Bytes a second. */
  readonly throughput: number;
  readonly shardTime: number;
  readonly scratch?: string;
  readonly scratchLimit: number;
  readonly lockTimeout: number;
}

/**
 * Options first, then the environment, then defaults.
 * @throws UsageError that lists everything wrong at once, each with its option, expected and found.
 */
export function readSettings(
  options: GivenOptions,
  env: Readonly<Record<string, string | undefined>>,
  needed: readonly SettingName[],
): Settings {
  const problems = unknownVariables(env);
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const definition = SETTINGS[name];
    const given = options[name] as string | undefined;
    const text = given ?? nonEmpty(env[environmentName(name)]) ?? definition.default;
    if (text === undefined) {
      if (needed.includes(name))
        problems.push(
          `--${definition.option} (${environmentName(name)}): expected ${definition.description}, found nothing`,
        );
      continue;
    }
    const place = given === undefined ? environmentName(name) : `--${definition.option}`;
    const value = readValue(definition, text);
    if (value === undefined) problems.push(`${place}: expected ${expectation(definition)}, found "${text}"`);
    else settings[name] = value;
  }
  if (problems.length > 0)
    throw new UsageError(problems.join('\n'), { advice: '"logferry run --help" lists the settings.' });
  return settings as unknown as Settings;
}

/** An empty variable is one that a shell or a pod spec left blank. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('LOGFERRY_') && !ENVIRONMENT_NAMES.includes(name))
    .sort()
    .map(
      (name) =>
        `${name}: no such setting${suggestion(name, ENVIRONMENT_NAMES)}; known: ${ENVIRONMENT_NAMES.join(', ')}`,
    );
}

function readValue(definition: SettingDefinition, text: string): unknown {
  const { kind, choices } = definition;
  switch (kind) {
    case 'count':
      return within(definition, /^\d{1,9}$/.test(text) ? Number(text) : undefined);
    case 'duration':
      return durationMs(text);
    case 'bytes':
      return within(definition, sizeBytes(text));
    case 'choice':
      return choices?.includes(text) ? text : undefined;
    case 'misfit':
      return isOnMisfit(text) ? parseOnMisfit(text) : undefined;
    case 'url':
    case 'text':
      return text;
  }
}

function within(
  { min = 0, max = Infinity }: SettingDefinition,
  value: number | undefined,
): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function expectation({ kind, choices, min, max }: SettingDefinition): string {
  const bounds =
    max === undefined ? (min === undefined ? '' : ` of at least ${min}`) : ` from ${min ?? 0} to ${max}`;
  switch (kind) {
    case 'count':
      return `a whole number${bounds}`;
    case 'duration':
      return 'a time such as 90s, 5m or 2h';
    case 'bytes':
      return `a size such as 512MiB or 1GB${bounds === '' ? '' : `,${bounds} bytes`}`;
    case 'choice':
      return `one of ${(choices ?? []).join(', ')}`;
    case 'misfit':
      return 'fail, setAside or setAside:5%';
    case 'url':
    case 'text':
      return 'a text';
  }
}
