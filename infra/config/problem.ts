import { Refusal } from '../refusal.ts';

/** One wrong setting, as a sentence has it. */
export interface Problem {
  /** `logferry:awsRegion`, `aws:region`, or `stack name`. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
  /** What to do: a command, or the other setting to change. */
  readonly way: string;
}

export function problemText({ key, expected, found, way }: Problem): string {
  return `${key}: expected ${expected}, found ${found}; ${way}`;
}

/** The settings of a stack that are wrong, all of them at once. Raised before anything is registered. */
export class ConfigError extends Refusal {
  readonly problems: readonly string[];

  /** @param problems One sentence each. */
  constructor(stack: string, problems: readonly string[]) {
    const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
    super([`Stack ${stack}: ${count} wrong; nothing was touched.`, ...problems].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
