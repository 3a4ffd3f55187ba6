import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { CONFIG_KEYS } from '../../../infra/config/definitions.ts';
import { clusterings } from '../../../infra/gcp/table-schema.ts';
import { tableFields, type FieldType } from '../../../workloads/core/schema/log-type.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { recordEnvironment } from '../../support/program.ts';
import type { Registration } from '../../support/pulumi-mocks.ts';
import { EVERY_SWITCH } from '../../support/rules/every-switch.ts';
import { NEEDS, type Need } from './needs.ts';

const text = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

/** The blocks of commands, without the indent of a list. */
const BLOCKS = [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', body = '']) =>
  body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);

describe('docs/deploy.md', () => {
  it('every block of commands is one that bash can read', () => {
    assert.ok(BLOCKS.length > 20, `${BLOCKS.length} blocks`);
    for (const block of BLOCKS) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
      assert.equal(status, 0, `${stderr}\n${block}`);
    }
  });

  it('sets only keys that the program knows', () => {
    const set = [...text.matchAll(/pulumi config set (?:--secret |--path ')?([A-Za-z]+)/g)].map(
      ([, key]) => key!,
    );
    assert.ok(set.length > 15, set.join(', '));
    assert.deepEqual(
      set.filter((key) => !(CONFIG_KEYS as readonly string[]).includes(key)),
      [],
    );
  });

  it('reads only outputs that the program has', async () => {
    const { result } = await recordEnvironment('dev');
    const read = [...text.matchAll(/pulumi stack output (?:--json )?([a-z]\w+)/gi)].map(([, name]) => name!);
    assert.ok(read.length > 5, read.join(', '));
    assert.deepEqual(
      read.filter((name) => !(name in result)),
      [],
    );
  });

  it('has the section that a refused schema sends its reader to', () => {
    const guard = readFileSync(new URL('../../../infra/schema-guard/guard.ts', import.meta.url), 'utf8');
    const [, section = 'none'] = /docs\/deploy\.md, "([^"]+)"/.exec(guard) ?? [];
    assert.ok(text.split('\n').includes(`## ${section}`), section);
  });
});

/** The cells of the table's rows whose first cell begins with one of these. */
function rows(begin: RegExp): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, ...cells]) => cells)
    .filter(([first = '']) => begin.test(first));
}

const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
const unique = (words: Iterable<string>): string[] => [...new Set(words)].toSorted();

describe('what docs/deploy.md gives the deployer', () => {
  let registered: readonly Registration[];
  let needs: readonly Need[];

  before(async () => {
    // An existing cluster elsewhere, the same in production, and a new cluster with every switch; one after the other, for a run has
    // Pulumi's runtime to itself.
    const dev = await recordEnvironment('dev');
    const prod = await recordEnvironment('prod');
    const every = await recordEnvironment('prod', EVERY_SWITCH);
    registered = [dev, prod, every]
      .flatMap(({ registrations }) => registrations)
      .filter(({ type }) => !/^(?:logferry|pulumi):/.test(type));
    needs = Object.values(NEEDS);
  });

  it('every type that the program registers is accounted for, and no other', () => {
    assert.deepEqual(Object.keys(NEEDS).toSorted(), unique(registered.map(({ type }) => type)));
  });

  it('in AWS: exactly the actions of its types', () => {
    const [policy = ''] =
      /jq -n --arg a \$ACCOUNT --arg e \$ENV '[\s\S]*?\/tmp\/deploy\.json/.exec(text) ?? [];
    const granted = [...policy.matchAll(/"((?:s3|iam):[A-Za-z*]+)"/g)].map(([, action]) => action!);
    assert.deepEqual(granted.toSorted(), unique(needs.flatMap(({ aws = [] }) => aws)));
  });

  it('in AWS: nothing to delete what the program never deletes', () => {
    const kept = registered.filter(
      ({ type }) =>
        type === 'aws:iam/openIdConnectProvider:OpenIdConnectProvider' ||
        type === 'aws:s3/bucketPolicy:BucketPolicy',
    );
    assert.ok(kept.length > 3, String(kept.length));
    assert.deepEqual(
      kept.filter(({ options }) => options.retainOnDelete !== true),
      [],
    );
  });

  it('in Google Cloud: exactly the roles of its types, each granted by a command', () => {
    const documented = rows(/^`(?:roles\/|logferry_)/).map(([role]) => quoted(role)[0]!);
    assert.deepEqual(documented.toSorted(), unique(needs.flatMap(({ google = [] }) => google)));
    const looped = [...text.matchAll(/for role in ([\w. ]+); do/g)].flatMap(([, roles]) => roles!.split(' '));
    for (const role of documented) {
      const name = role.replace('roles/', '');
      const granted =
        looped.includes(name) ||
        text.includes(`--member=$DEPLOYER --role=${role}`) ||
        text.includes(`--role=projects/$PROJECT/roles/${role}\n`);
      assert.ok(granted, role);
    }
    const [, permissions = ''] =
      /gcloud iam roles create logferry_imageGrants [\s\S]*?--permissions=(\S+)/.exec(text) ?? [];
    assert.deepEqual(permissions.split(','), [
      'artifactregistry.repositories.getIamPolicy',
      'artifactregistry.repositories.setIamPolicy',
    ]);
  });

  it('in Google Cloud: it may grant on the project what the program grants there, and nothing else', () => {
    const [, list = ''] = /hasOnly\(\[([^\]]+)\]/.exec(text) ?? [];
    const allowed = [...list.matchAll(/'([^']+)'/g)].map(([, role]) => role!);
    const granted = registered
      .filter(({ type }) => type === 'gcp:projects/iAMMember:IAMMember')
      .map(({ inputs }) => String(inputs.role))
      .map((role) =>
        role.replace(
          /^projects\/[^/]+\/roles\/logferry_(?:dev|prod)_/,
          'projects/$$PROJECT/roles/logferry_${ENV//-/_}_',
        ),
      );
    assert.deepEqual(allowed.toSorted(), unique(granted));
  });

  it('in the cluster: exactly its objects, to change for the deployer and to read for the previewer', () => {
    const [, yaml = ''] = /kubectl apply -f - <<'YAML'\n([\s\S]*?)^YAML$/m.exec(text) ?? [];
    const roles = loadAll(yaml) as {
      metadata: { name: string };
      rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    }[];
    const objects = needs
      .flatMap(({ kubernetes }) => (kubernetes === undefined ? [] : [kubernetes.join('/')]))
      .toSorted();
    const verbs = {
      'logferry-deploy': 'get list watch create update patch delete',
      'logferry-preview': 'get list watch',
    };
    assert.deepEqual(
      roles.map(({ metadata }) => metadata.name),
      Object.keys(verbs),
    );
    for (const { metadata, rules } of roles) {
      const reached = rules.flatMap(({ apiGroups, resources }) =>
        resources.map((resource) => `${apiGroups.join()}/${resource}`),
      );
      assert.deepEqual(reached.toSorted(), objects);
      for (const rule of rules)
        assert.equal(rule.verbs.join(' '), verbs[metadata.name as keyof typeof verbs]);
    }
  });

  it('an id to import for every type whose second create is refused, and for no other', () => {
    const told = rows(/^`(?:aws|gcp|kubernetes):/).flatMap(([types]) => quoted(types));
    const named = Object.entries(NEEDS).filter(([, { again }]) => again === 'named');
    assert.deepEqual(told.toSorted(), named.map(([type]) => type).toSorted());
  });
});

/** GoogleSQL's names of the legacy ones, where they differ. */
const STANDARD: Partial<Record<FieldType, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

describe('what docs/deploy.md says of the program', () => {
  it('the table that is made by hand is the one of schemas/purchase.json, but for what changes', () => {
    const [, sql = ''] =
      /```sql\n *(CREATE OR REPLACE TABLE `[^`]+\.purchase`[\s\S]*?) *```/.exec(text) ?? [];
    const file = readFileSync(new URL('../../../schemas/purchase.json', import.meta.url), 'utf8');
    const parsed = parseLogType('schemas/purchase.json', file);
    assert.ok('logType' in parsed);
    const { logType } = parsed;
    const columns = tableFields(logType).map(({ name, type, mode }) => {
      const spelt = name === 'user_id' ? 'STRING' : (STANDARD[type] ?? type);
      return `${name} ${spelt}${mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
    });
    const [, listed = ''] = /purchase` \(([^)]+)\)/.exec(sql) ?? [];
    assert.deepEqual(
      listed.split(',').map((line) => line.trim()),
      columns,
    );
    assert.ok(sql.includes(`PARTITION BY TIMESTAMP_TRUNC(folder_hour, ${logType.partition.by})\n`), sql);
    assert.ok(sql.includes(`CLUSTER BY ${clusterings(logType, tableFields(logType)).join(', ')}\n`), sql);
    assert.ok(
      sql.includes(`require_partition_filter = ${String(logType.partition.requireFilter).toUpperCase()}\n`),
      sql,
    );
  });

  it('the labels of that table are the program’s', async () => {
    const { registrations } = await recordEnvironment('dev');
    const table = registrations.find(({ name }) => name === 'warehouse-purchase-table');
    const labels = Object.fromEntries(
      [...text.matchAll(/\("(\w+)", "(\w+)"\)/g)].map(([, key, value]) => [key!, value!]),
    );
    assert.deepEqual(table?.inputs.labels, labels);
  });

  it('how far back time travel reaches, in every environment', async () => {
    for (const environment of ['dev', 'prod'] as const) {
      const { registrations } = await recordEnvironment(environment);
      const hours = registrations
        .filter(({ type }) => type === 'gcp:bigquery/dataset:Dataset')
        .map(({ name, inputs }) => [name, inputs.maxTimeTravelHours]);
      assert.deepEqual(Object.fromEntries(hours), {
        'warehouse-raw': '168',
        'warehouse-load-temp': '48',
        'warehouse-ops': '168',
      });
    }
    assert.match(
      text,
      /time travel reaches back 168 hours on `raw` and `ops` in every environment \(48\s+on `load_temp`/,
    );
  });

  it('how many CronJobs the sample types make', async () => {
    const { result } = await recordEnvironment('dev');
    const { length } = result.cronJobs as readonly string[];
    assert.ok(
      text.includes(`\`standardGroups\` (6) of the standard lane: ${length} with the sample\ntypes`),
      String(length),
    );
  });
});
