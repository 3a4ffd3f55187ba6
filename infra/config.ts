import * as pulumi from '@pulumi/pulumi';
import { CONFIG_KEYS } from './config/definitions.ts';
import { parseConfig } from './config/parse.ts';
import { fullKey } from './config/read.ts';
import type { Config } from './config/shape.ts';

export { assertSchemaAges, schemaAgeProblems } from './config/schema-ages.ts';
export { ConfigError } from './config/problem.ts';
export type { Config } from './config/shape.ts';

/** Pulumi's own answer to "is this key encrypted?", which its type declarations leave out. */
const { isConfigSecret } = pulumi.runtime as typeof pulumi.runtime & {
  readonly isConfigSecret: (fullKey: string) => boolean;
};

/**
 * The settings of the stack that runs.
 * @throws ConfigError that lists everything wrong at once, before anything is registered.
 */
export function readConfig(): Config {
  const given = pulumi.runtime.allConfig();
  const keys = new Set([...Object.keys(given), ...CONFIG_KEYS.map(fullKey)]);
  return parseConfig(
    given,
    pulumi.getStack(),
    [...keys].filter((key) => isConfigSecret(key)),
  );
}
