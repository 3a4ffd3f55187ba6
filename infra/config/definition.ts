/** What each key of `logferry:` has in common. */
interface Described {
  /** For Pulumi.yaml: what it decides, and when someone would change it. */
  readonly description: string;
  /** A right value, as `pulumi config set` takes it. */
  readonly example: string;
  /** What to do about a wrong value, where setting another one is not the answer. */
  readonly way?: string;
  /** Encrypted in the stack file, and never shown. */
  readonly secret?: true;
}

/** A text. Without a default it is required; with `''` as default it may be left out, and '' means so. */
export interface TextKey extends Described {
  readonly type: 'string';
  readonly default?: string;
  /** A wrong one may hold what nobody should see; no message shows it. */
  readonly unshown?: true;
  /** What a right value is: "the 12 digits of an AWS account". */
  readonly expected: string;
  /** The only values, where they can be listed. */
  readonly choices?: readonly string[];
  /** Right values that a wrong one may have been meant as, where there are others too. */
  readonly near?: readonly string[];
  /** What would have been right, or undefined where the text is. */
  readonly check?: (text: string) => string | undefined;
}

/** A whole number within bounds, both included. */
export interface IntegerKey extends Omit<Described, 'example'> {
  readonly type: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What is counted: "days". */
  readonly unit: string;
}

/** A switch. */
export interface BooleanKey extends Omit<Described, 'example'> {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** A list of texts. */
export interface ListKey extends Described {
  readonly type: 'array';
  readonly default: readonly string[];
  /** What each item is. */
  readonly expected: string;
  readonly check?: (item: string) => string | undefined;
}

export type KeyDefinition = TextKey | IntegerKey | BooleanKey | ListKey;

/** What a key's value is once it was read. */
export type ValueOf<D> = D extends { readonly type: 'integer' }
  ? number
  : D extends { readonly type: 'boolean' }
    ? boolean
    : D extends { readonly type: 'array' }
      ? readonly string[]
      : D extends { readonly choices: readonly (infer C)[] }
        ? C
        : string;

/** A check that a text has a form, for `check`. */
export function matches(form: RegExp, expected: string): (text: string) => string | undefined {
  return (text) => (form.test(text) ? undefined : expected);
}
