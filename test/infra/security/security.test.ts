import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classifierSourcePolicy } from '../../../infra/aws/policies.ts';
import { GRANTS, ROLES } from '../../../infra/gcp/grants.ts';
import { recordEnvironment, type Overrides } from '../../support/program.ts';
import type { Registration } from '../../support/pulumi-mocks.ts';
import { answeredRules, type Answer } from '../../support/rules/answers.ts';
import { RULES } from '../../support/rules/index.ts';
import { EVERY_SWITCH } from '../../support/rules/every-switch.ts';
import { verdict } from '../../support/rules/rule.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const text = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** `8` or `8-10` of a list such as `1,7-10`. */
function range(prefix: string, numbers: string): string[] {
  return numbers.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);
  });
}

/** The checks that people run: what the table must answer. */
const ASKED = [
  ...range('S3.', '1-3,5,6,8,9,12,13'),
  ...range('CKV_AWS_', '18-21,53-57,70,93,143-145,300'),
  ...range('CKV_GCP_', '29,62,63,78,114,15,80,81,121'),
  ...range('CKV_K8S_', '10-23,25-31,35,37-40,43'),
  ...range('CKV_GCP_', '1,7-10,12,13,18,20-25,61,64-66,68-72'),
];

/** A bucket's resource carries the bucket's name behind its own; the document leaves it out. */
function shortName(name: string): string {
  return name.replace(/-logferry-.*$/, '');
}

function answersOf(registrations: readonly Registration[]): Record<string, Answer> {
  return Object.fromEntries(
    RULES.map((rule): [string, Answer] => {
      const { judged, failing } = verdict(rule, registrations);
      if (judged.length === 0) return [rule.id, { kind: 'n/a' }];
      if (failing.length === 0) return [rule.id, { kind: 'pass' }];
      if (failing.length === judged.length) return [rule.id, { kind: 'no' }];
      return [rule.id, { kind: 'except', failing: failing.map(shortName).toSorted() }];
    }),
  );
}

async function registrationsOf(overrides: Overrides = {}): Promise<readonly Registration[]> {
  return (await recordEnvironment('prod', overrides)).registrations;
}

describe('docs/security.md', () => {
  const rows = answeredRules(text);

  it('answers every rule that is asked for, once', () => {
    assert.equal(ASKED.length, 83);
    assert.deepEqual(rows.map(({ id }) => id).toSorted(), ASKED.toSorted());
    assert.deepEqual(RULES.map(({ id }) => id).toSorted(), ASKED.toSorted());
  });

  it('says of production what the program does there', async () => {
    const said = Object.fromEntries(rows.map(({ id, production }) => [id, production]));
    assert.deepEqual(said, answersOf(await registrationsOf()));
  });

  it('says of every switch what the program does with them', async () => {
    const said = Object.fromEntries(rows.map(({ id, everySwitch }) => [id, everySwitch]));
    assert.deepEqual(said, answersOf(await registrationsOf(EVERY_SWITCH)));
  });

  it('gives a reason wherever a rule is not simply kept, and names only files that are there', () => {
    for (const { id, production, everySwitch, reason } of rows) {
      const kept = production.kind === 'pass' || everySwitch.kind === 'pass';
      assert.ok(reason.length >= (kept ? 3 : 12), `${id}: ${reason}`);
      for (const [, file] of reason.matchAll(/`(infra\/[\w/.-]+)`/g))
        assert.ok(existsSync(join(ROOT, file!)), `${id} names ${file!}`);
    }
  });

  it('lists exactly what the workloads may do in Google Cloud', () => {
    const places = { loadTemp: 'load_temp' } as Readonly<Record<string, string>>;
    const granted = GRANTS.map(({ workload, on, below, role }) => {
      const where = `${places[on] ?? on}${below === undefined ? '' : `, below \`${below}\``}`;
      return `${workload} on ${where}: ${ROLES[role].permissions.toSorted().join(', ')}`;
    });
    const told = text
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter(
        ([, workload = '', , cell = '']) => /^(classifier|loader)$/.test(workload) && /^`\w+\.\w+/.test(cell),
      )
      .map(([, workload = '', where = '', cell = '']) => {
        const permissions = cell.replaceAll('`', '').split(', ').toSorted();
        return `${workload} on ${where}: ${permissions.join(', ')}`;
      });
    assert.deepEqual(told.toSorted(), granted.toSorted());
  });

  it('lists exactly what the classifier may do in AWS', () => {
    const policy = classifierSourcePolicy({
      bucketArn: 'arn:aws:s3:::logs',
      prefix: 'app',
      kmsKeyArn: 'arn:aws:kms:ap-northeast-2:111111111111:key/00000000-0000-0000-0000-000000000000',
    });
    const [, told = ''] = /\nIn AWS the classifier has one role([\s\S]*?)\n\n/.exec(text) ?? [];
    assert.deepEqual(
      [...told.matchAll(/`((?:s3|kms):\w+)`/g)].map(([, action]) => action),
      policy.Statement.flatMap(({ Action }) => Action),
    );
  });
});

describe('the program', () => {
  it('makes no key, no password and no Secret, in any setting', async () => {
    for (const overrides of [{}, EVERY_SWITCH]) {
      const types = new Set((await registrationsOf(overrides)).map(({ type }) => type));
      assert.ok(types.size > 20, String(types.size));
      const opening = [...types].filter((type) =>
        /accessKey|serviceaccount\/key|core\/v1:Secret|loginProfile|hmacKey/i.test(type),
      );
      assert.deepEqual(opening, []);
    }
  });
});
