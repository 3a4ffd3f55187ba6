import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { CONFIG_KEYS, DEFINITIONS } from '../../../infra/config/definitions.ts';
import { projectFile } from '../../../infra/config/project-file.ts';

const ROOT = new URL('../../../', import.meta.url);

interface ProjectFile {
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [key: string]: unknown;
}

/** Members of a declared key that the engine knows (pulumi/pulumi, sdk/go/common/workspace/project.json). */
const MEMBERS = ['type', 'items', 'default', 'secret', 'description'];

describe('Pulumi.yaml', () => {
  const text = readFileSync(new URL('Pulumi.yaml', ROOT), 'utf8');
  const { config, ...project } = load(text) as ProjectFile;

  it('is what the definitions say; "node scripts/pulumi-yaml.ts" writes it', () => {
    assert.equal(text, projectFile());
  });

  it('names the program’s runtime, and not where it starts', () => {
    assert.deepEqual(project, {
      name: 'logferry',
      description: 'Carries hourly mixed logs from S3 in Seoul to typed BigQuery tables, and proves it.',
      runtime: { name: 'nodejs', options: { typescript: false, packagemanager: 'npm' } },
    });
    const { main } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { main: string };
    assert.equal(main, 'infra/index.ts');
  });

  it('declares every key, with type, default and description, as the engine takes them', () => {
    assert.deepEqual(Object.keys(config), CONFIG_KEYS);
    for (const key of CONFIG_KEYS) {
      const { type, items, default: value, secret, description, ...rest } = config[key]!;
      const definition = DEFINITIONS[key];
      const isList = definition.type === 'array';
      assert.deepEqual(rest, {}, `${key}: only ${MEMBERS.join(', ')}`);
      assert.deepEqual([type, items], isList ? ['array', { type: 'string' }] : ['string', undefined], key);
      assert.deepEqual(value, isList ? definition.default : definition.default?.toString(), key);
      assert.equal(secret, key === 'kubeconfig' ? true : undefined, key);
      assert.ok(typeof description === 'string' && description.includes(definition.description), key);
    }
  });

  it('asks for what has no default', () => {
    const required = CONFIG_KEYS.filter((key) => !('default' in config[key]!));
    assert.deepEqual(required, ['awsAccountId', 'gcpProject', 'image']);
  });

  it('tells the bounds of a number, and that a switch is one', () => {
    assert.match(String(config.stagingRetentionDays!.description), /^Number, 1 to 365 \(days\)\. How long/);
    assert.match(String(config.suspend!.description), /^true or false\. No CronJob/);
    assert.match(String(config.image!.description), /^Required\. The container image/);
  });
});
