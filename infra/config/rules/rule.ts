import type { ConfigKey, Values } from '../definitions.ts';
import type { Problem } from '../problem.ts';
import { fullKey } from '../read.ts';

/** What a rule finds wrong, said of one of its keys. */
export interface Broken {
  readonly key: ConfigKey;
  readonly expected: string;
  readonly found: string;
  readonly way: string;
}

/**
 * A demand on several settings together. It is asked only where each of them is right on its own.
 * @param stack Its name, which is the environment's.
 */
export type Rule = (values: Partial<Values>, stack: string) => Problem | undefined;

/** @param keys All that the check looks at. */
export function rule<const Key extends ConfigKey>(
  keys: readonly Key[],
  check: (values: Pick<Values, Key>, stack: string) => Broken | undefined,
): Rule {
  return (values, stack) => {
    if (!keys.every((key) => key in values)) return undefined;
    const broken = check(values as Pick<Values, Key>, stack);
    return broken === undefined ? undefined : { ...broken, key: fullKey(broken.key) };
  };
}
