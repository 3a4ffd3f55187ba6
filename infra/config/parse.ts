import { nameProblems, names, type ChosenNames } from '../names.ts';
import { CONFIG_KEYS, DEFINITIONS, PROJECT, type Values } from './definitions.ts';
import { ConfigError, problemText, type Problem } from './problem.ts';
import { fullKey, readValue, shown } from './read.ts';
import { RULES } from './rules/all.ts';
import { foreignProblems } from './rules/foreign.ts';
import { shape, type Config } from './shape.ts';
import { suggestion } from '../../workloads/core/suggestion.ts';

/** What the engine hands over, by full name (`logferry:image`, `aws:region`); lists are JSON. */
export type Given = Readonly<Record<string, string>>;

/**
 * The settings of a stack, frozen through and through.
 * @param stack Its name, which is the environment's.
 * @param secretKeys Full names of what is encrypted in the stack file; no message shows their values.
 * @throws ConfigError that lists everything wrong at once.
 */
export function parseConfig(given: Given, stack: string, secretKeys: readonly string[] = []): Config {
  const secrets = new Set(secretKeys);
  const { values, problems } = readAll(given, secrets);
  problems.push(
    ...unknownKeys(given),
    ...RULES.flatMap((rule) => rule(values, stack) ?? []),
    ...foreignProblems(given, values, secrets),
    ...nameTexts(values, stack),
  );
  if (problems.length > 0)
    throw new ConfigError(
      stack,
      problems.map((problem) => problemText(withoutSecrets(problem, given, secrets))),
    );
  const complete = values as Values;
  const { namePrefix, awsAccountId, gcpProject } = complete;
  return deepFreeze(
    shape(complete, stack, names(namePrefix, stack, awsAccountId, gcpProject, chosenNames(complete))),
  );
}

/** Each key on its own: the values that are right, and what is wrong with the others. */
function readAll(
  given: Given,
  secrets: ReadonlySet<string>,
): { values: Partial<Values>; problems: Problem[] } {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const key of CONFIG_KEYS) {
    const full = fullKey(key);
    const read = readValue(key, DEFINITIONS[key], given[full], secrets.has(full));
    if ('problem' in read) problems.push(read.problem);
    else values[key] = read.value;
  }
  return { values: values, problems };
}

/** A misspelled key would leave its setting at the default without a word. */
function unknownKeys(given: Given): Problem[] {
  const known: readonly string[] = CONFIG_KEYS;
  return Object.keys(given)
    .filter((full) => full.startsWith(`${PROJECT}:`))
    .map((full) => full.slice(PROJECT.length + 1))
    .filter((key) => !known.includes(key))
    .sort()
    .map((key) => ({
      key: `${PROJECT}:${key}`,
      expected: 'a key that Pulumi.yaml declares',
      found: `an unknown one${suggestion(key, known)}`,
      way: `pulumi config rm ${key}; Pulumi.yaml lists every key`,
    }));
}

function chosenNames({ sourceBucket, namespace }: Partial<Values>): ChosenNames {
  return {
    sourceBucket: sourceBucket === '' ? undefined : sourceBucket,
    namespace: namespace === '' ? undefined : namespace,
  };
}

/** Every name carries the stack's, so it must be of characters that all of them allow. */
const STACK_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The stack's name, and the names that follow from it; one problem a kind of name. */
function nameTexts(values: Partial<Values>, stack: string): Problem[] {
  if (!STACK_NAME.test(stack)) {
    return [
      {
        key: 'stack name',
        expected: 'a-z, 0-9 and single hyphens, a letter first, for every name carries it',
        found: shown(stack),
        way: 'pulumi stack rename <name>, before the first pulumi up',
      },
    ];
  }
  const { namePrefix, awsAccountId, gcpProject } = values;
  if (namePrefix === undefined || awsAccountId === undefined || gcpProject === undefined) return [];
  const chosen = chosenNames(values);
  const broken = nameProblems(names(namePrefix, stack, awsAccountId, gcpProject, chosen), chosen);
  return [...new Map(broken.toReversed().map((problem) => [problem.expected, problem])).values()]
    .toReversed()
    .map(({ name, expected }) => ({
      key: fullKey('namePrefix'),
      expected: `names that both clouds take: ${expected}`,
      found: `${shown(name)}, ${name.length} characters`,
      way: `take a shorter or other namePrefix (${namePrefix}) or stack name (${stack}), before the first pulumi up`,
    }));
}

/** No message shows what is encrypted: not as the value found, nor inside a name or a bound that follows from it. */
function withoutSecrets(problem: Problem, given: Given, secrets: ReadonlySet<string>): Problem {
  const hidden = [...secrets].map((key) => given[key] ?? '').filter((value) => value !== '');
  const hide = (text: string): string =>
    hidden.reduce((shorter, value) => shorter.replaceAll(value, '[secret]'), text);
  return {
    key: problem.key,
    expected: hide(problem.expected),
    found:
      secrets.has(problem.key) && problem.found !== 'nothing'
        ? 'a value that is not shown'
        : hide(problem.found),
    way: hide(problem.way),
  };
}

/** Objects and lists of this file's making only: an Output stays as Pulumi needs it. */
function deepFreeze<T>(value: T): T {
  if (Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype) {
    Object.values(value as object).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
