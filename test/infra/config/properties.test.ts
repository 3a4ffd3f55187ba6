import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONFIG_KEYS, DEFINITIONS, type ConfigKey } from '../../../infra/config/definitions.ts';
import { parseConfig } from '../../../infra/config/parse.ts';
import { nameProblems } from '../../../infra/names.ts';
import { problems } from './given.ts';
import { validSettings } from './valid-settings.ts';

/** `logferry:` before each key. */
function full(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`logferry:${key}`, value]));
}

const SECRET = ['logferry:kubeconfig'];
const stack = fc.constantFrom('dev', 'prod', 'pr-12', 'a');

/** Texts that are wrong for every key of a kind. */
const WRONG = {
  string: fc.constantFrom(' ', '\u0007 💥', `${'x'.repeat(2000)} `, 'a b\tc', '{} []'),
  integer: fc.constantFrom('', '-1', '1.5', '1e1', '0x1', '01', '٣', ' 5', '99999999999', 'NaN'),
  boolean: fc.constantFrom('', 'TRUE', 'yes', '1', '0', 'true '),
  array: fc.constantFrom('', 'a', '{}', '[1]', '[[]]', '["a b"]', '[""]', 'null', '["10.0.0.1"'),
} as const;

const wrongSetting = fc
  .constantFrom(...CONFIG_KEYS)
  .chain((key) => fc.tuple(fc.constant(key), WRONG[DEFINITIONS[key].type] as fc.Arbitrary<string>));

function deeplyFrozen(value: unknown): boolean {
  const plain =
    Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  return !plain || (Object.isFrozen(value) && Object.values(value as object).every(deeplyFrozen));
}

describe('settings, whatever they are', () => {
  it('any that are right give a frozen Config whose names every cloud takes', () => {
    fc.assert(
      fc.property(validSettings, stack, (settings, environment) => {
        assert.deepEqual(Object.keys(settings).toSorted(), CONFIG_KEYS.toSorted());
        const config = parseConfig(full(settings), environment, SECRET);
        assert.ok(deeplyFrozen(config));
        assert.deepEqual(nameProblems(config.names), []);
      }),
      { numRuns: 500 },
    );
  });

  it('one that is wrong is all that is named, whatever the others are', () => {
    fc.assert(
      fc.property(validSettings, wrongSetting, (settings, [key, value]) => {
        const found = problems(full({ ...settings, [key]: value }), { secretKeys: SECRET });
        assert.equal(found.length, 1);
        assert.match(found[0]!, new RegExp(`^logferry:${key}: expected .+, found .+; .+`));
      }),
      { numRuns: 500 },
    );
  });

  it('no order of keys and no other program’s keys make a difference', () => {
    fc.assert(
      fc.property(validSettings, fc.nat(), (settings, turn) => {
        const entries = Object.entries(full(settings));
        const turned = [...entries.slice(turn % entries.length), ...entries.slice(0, turn % entries.length)];
        const other = { ...Object.fromEntries(turned), 'kubernetes:namespace': 'x', 'consumer:image': 'y' };
        const plain = (given: Record<string, string>): string =>
          JSON.stringify({ ...parseConfig(given, 'dev', SECRET), cluster: 0 });
        assert.equal(plain(other), plain(full(settings)));
      }),
      { numRuns: 100 },
    );
  });

  it('what is encrypted is in no message', () => {
    const hush = 'hush \u0007 73';
    fc.assert(
      fc.property(
        validSettings,
        fc.subarray(CONFIG_KEYS, { minLength: 1 }),
        (settings, wrong: ConfigKey[]) => {
          const secretKeys = wrong.map((key) => `logferry:${key}`);
          const given = full({ ...settings, ...Object.fromEntries(wrong.map((key) => [key, hush])) });
          const text = problems(given, { secretKeys }).join('\n');
          assert.equal(
            wrong.every((key) => text.includes(`logferry:${key}: `)),
            true,
          );
          assert.doesNotMatch(text, /hush/);
        },
      ),
      { numRuns: 200 },
    );
  });
});
