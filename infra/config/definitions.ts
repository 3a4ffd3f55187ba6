import type { KeyDefinition, ValueOf } from './definition.ts';
import { clusterKeys } from './keys/cluster.ts';
import { costKeys } from './keys/cost.ts';
import { environmentKeys } from './keys/environment.ts';
import { googleKeys } from './keys/google.ts';
import { sourceKeys } from './keys/source.ts';
import { workloadKeys } from './keys/workloads.ts';

/** The project's name in Pulumi.yaml, and so the namespace of its keys. */
export const PROJECT = 'logferry';

/** Every key of `logferry:`; Pulumi.yaml declares the same (scripts/pulumi-yaml.ts writes them there). */
export const CONFIG = {
  ...environmentKeys,
  ...sourceKeys,
  ...googleKeys,
  ...clusterKeys,
  ...workloadKeys,
  ...costKeys,
} as const;

export type ConfigKey = keyof typeof CONFIG;
export const CONFIG_KEYS = Object.keys(CONFIG) as ConfigKey[];

/** The same definitions, for code that treats all alike. */
export const DEFINITIONS: Readonly<Record<ConfigKey, KeyDefinition>> = CONFIG;

/** The value of each key, on its own right; whether they go together is for the rules. */
export type Values = { readonly [Key in ConfigKey]: ValueOf<(typeof CONFIG)[Key]> };
