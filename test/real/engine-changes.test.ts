import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { StackOutputs } from '../../infra/outputs.ts';
import { tempFolder } from '../support/temp.ts';
import { engineBench, type Bench } from './support/engine-bench.ts';
import type { Step } from './support/engine-events.ts';
import { journalReader, refusal } from './support/engine-expect.ts';
import { EngineError, type Engine } from './support/engine.ts';

const TABLE = 'gcp:bigquery/table:Table';
const CRON_JOB = 'kubernetes:batch/v1:CronJob';
const CONFIG_MAP = 'kubernetes:core/v1:ConfigMap';
const PURCHASE = 'projects/logferry-dev-example/datasets/logferry_dev_raw/tables/purchase';

/** Where a CronJob names the ConfigMap of its schemas. */
const SCHEMAS_OF_POD = 'spec.jobTemplate.spec.template.spec.volumes[0].projected.sources[0].configMap.name';

describe('changes of schemas and settings on the real engine', function () {
  this.timeout(600_000);
  const folder = tempFolder();
  let bench: Bench;
  let dev: Engine;
  let written: () => string[];

  before(async () => {
    bench = await engineBench(folder);
    dev = await bench.open('dev');
    await dev.up();
    written = journalReader(bench.standIn.cloud);
    written();
  });

  after(() => bench.stop());

  it('a new column changes that table, adds a generation of schemas, and rolls the CronJobs; nothing else', async () => {
    const { cloud } = bench.standIn;
    const columns = (): string[] => {
      const { schema } = cloud.get(TABLE, PURCHASE)!.inputs as { schema: string };
      return (JSON.parse(schema) as { name: string }[]).map(({ name }) => name);
    };
    const before = columns();
    const configMaps = new Set(cloud.ofType(CONFIG_MAP).map(({ name }) => name));
    bench.changeSchema('purchase', ({ fields }) => fields.unshift({ name: 'coupon', type: 'STRING' }));
    const { steps } = await dev.preview();
    const { cronJobs } = (await dev.outputs()) as unknown as StackOutputs;
    const added = steps.filter(({ type }) => type === CONFIG_MAP);
    assert.deepEqual(
      added.map(({ op, name }) => [op, configMaps.has(name)]),
      [['create', false]],
    );
    const rolled = cronJobs.map((name) => ({
      op: 'update',
      type: CRON_JOB,
      name: `${name}-cron-job`,
      changed: [SCHEMAS_OF_POD],
    }));
    const table = { op: 'update', type: TABLE, name: 'warehouse-purchase-table', changed: ['schema'] };
    const byName = (a: Step, b: Step): number => (a.name < b.name ? -1 : 1);
    assert.deepEqual([...steps].sort(byName), [table, ...rolled, ...added].sort(byName));
    assert.deepEqual((await dev.up()).steps, steps);
    assert.equal(written().length, steps.length);
    assert.deepEqual(columns(), [...before, 'coupon']);
    assert.deepEqual((await dev.preview()).steps, []);
  });

  it('a breaking change is refused before anything is registered; the way out that it names works', async () => {
    const { cloud } = bench.standIn;
    const asked = cloud.journal.length;
    const become = (type: string): void =>
      bench.changeSchema('purchase', ({ fields }) => {
        fields[0]!.type = type;
      });
    become('INTEGER');
    let acceptance = '';
    const refused = (error: unknown): boolean => {
      assert.ok(error instanceof EngineError, String(error));
      const [message = '', ...more] = error.messages;
      acceptance = /^logferry:acceptBreaking: .*$/m.exec(message)?.[0] ?? '';
      assert.deepEqual(
        [message.replace(/@[0-9a-f]{8}"/, '@DIGEST"'), ...more],
        [
          [
            'Schemas: 1 breaking change(s) against what stack dev has deployed; nothing was touched.',
            '- purchase.coupon: deployed is STRING, the schemas say INTEGER; BigQuery cannot change this type: the table would be made anew, empty.',
            'Ways out: keep what is deployed and add another column beside it; or make a new log type with a table of its own; or move the',
            'rows by hand (docs/deploy.md, "Breaking a schema on purpose") and then accept exactly this change:',
            'logferry:acceptBreaking: ["purchase@DIGEST"]',
          ].join('\n'),
        ],
      );
      return true;
    };
    await assert.rejects(dev.preview(), refused);
    await assert.rejects(dev.up(), refused);
    assert.equal(cloud.journal.length, asked);
    const takeBack = bench.pasteSetting('dev', acceptance);
    const { steps } = await dev.preview();
    assert.deepEqual(
      steps.filter(({ type }) => type === TABLE),
      [{ op: 'replace', type: TABLE, name: 'warehouse-purchase-table', changed: ['schema'] }],
    );
    takeBack();
    become('STRING');
    assert.deepEqual((await dev.preview()).steps, []);
  });

  it('wrong settings are one error with all of them, before anything is registered', async () => {
    const { cloud } = bench.standIn;
    const reads = cloud.journal.length;
    await dev.setConfig({ lookbackHours: '0', grace: 'soon' });
    await assert.rejects(
      dev.up(),
      refusal(
        [
          'Stack dev: 2 settings are wrong; nothing was touched.',
          'logferry:lookbackHours: expected a whole number from 1 to 720 (hours), found "0"; pulumi config set lookbackHours 48',
          'logferry:grace: expected a time such as 90s or 3m, found "soon"; pulumi config set grace 3m',
        ].join('\n'),
      ),
    );
    assert.equal(cloud.journal.length, reads);
    await dev.setConfig({ lookbackHours: '48', grace: '3m' });
  });

  it('a changed setting changes what carries it, in place', async () => {
    await dev.setConfig({ sourceRetentionDays: '9' });
    const change = {
      op: 'update',
      type: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      name: 'source-lifecycle',
      changed: ['rules[0].expiration.days'],
    };
    assert.deepEqual((await dev.preview()).steps, [change]);
    assert.deepEqual((await dev.up()).steps, [change]);
    assert.deepEqual((await dev.preview()).steps, []);
    assert.equal(written().length, 1);
  });
});
