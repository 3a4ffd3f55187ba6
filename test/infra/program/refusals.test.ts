import assert from 'node:assert/strict';
import { Refusal } from '../../../infra/refusal.ts';
import {
  projectSchemas,
  recordEnvironment,
  type Environment,
  type Overrides,
  type Run,
} from '../../support/program.ts';

/** A run that must not happen, and how the refusal's last lines begin. */
interface Refused {
  readonly environment?: Environment;
  readonly overrides?: Overrides;
  readonly run?: Run;
  readonly says: RegExp;
  /** The program asks what the last run left only once settings and schemas are right on their own. */
  readonly afterLastRun?: true;
}

const SCHEMAS = projectSchemas();
const LOG_TYPE = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };

/** The project's schemas with one file more. */
const withFile = (table: string, schema: object, padding = 0): Run => ({
  schemas: { ...SCHEMAS, [`${table}.json`]: JSON.stringify(schema) + ' '.repeat(padding) },
});

/** What the last run left: one table, of this one column and the derived ones. */
const deployed = (table: string, column: object, form = 1): Run => ({
  stackOutputs: {
    deployedSchemas: {
      form,
      tables: { [table]: { type: table, fields: [column], derived: {}, partition: { by: 'DAY' } } },
    },
  },
});

const SETTINGS: Readonly<Record<string, Refused>> = {
  'an unknown region': {
    overrides: { 'logferry:awsRegion': 'ap-northeast-9' },
    says: /^logferry:awsRegion: expected an AWS region/m,
  },
  'an unknown key': {
    overrides: { 'logferry:imgae': 'x' },
    says: /^logferry:imgae: expected a key that Pulumi.yaml declares, found an unknown one \(did you mean image\?\)/m,
  },
  'no image': { overrides: { 'logferry:image': undefined }, says: /^logferry:image: .+ found nothing; /m },
  'a tag in production': {
    environment: 'prod',
    overrides: { 'logferry:image': 'registry.example.com/logferry:main' },
    says: /^logferry:image: expected a digest /m,
  },
  'an existing cluster without an issuer': {
    overrides: { 'logferry:clusterIssuer': undefined },
    says: /^logferry:clusterIssuer: .+ found nothing; /m,
  },
  'an issuer that has no ARN': {
    overrides: { 'logferry:clusterIssuer': 'https://issuer.example.com/a b' },
    says: /^logferry:clusterIssuer: expected https:/m,
  },
  'production without a named cluster': {
    environment: 'prod',
    overrides: { 'logferry:kubeContext': undefined },
    says: /^logferry:kubeContext: .+ found nothing; /m,
  },
  'a bucket name that S3 refuses': {
    overrides: { 'logferry:sourceBucket': 'Not_A_Bucket' },
    says: /^logferry:sourceBucket: expected an S3 bucket name/m,
  },
  'a source that is its own log': {
    overrides: {
      'logferry:sourceBucket': 'logferry-dev-source-logs-111111111111',
      'logferry:sourceAccessLogs': 'true',
    },
    says: /^logferry:sourceBucket: expected another name/m,
  },
  'a way out that leads to the nodes’ identity only': {
    overrides: { 'logferry:egressCidr': '169.254.0.0/16' },
    says: /^logferry:egressCidr: expected a range where the APIs/m,
  },
  'more disk than any node has': {
    overrides: { 'logferry:scratchSize': '999999999999999Ti' },
    says: /^logferry:scratchSize: expected a Kubernetes quantity/m,
  },
  'more disk than Autopilot gives': {
    overrides: {
      'logferry:cluster': 'gke-autopilot',
      'logferry:clusterIssuer': undefined,
      'logferry:scratchSize': '10Gi',
    },
    says: /^logferry:scratchSize: expected at most 10112Mi/m,
  },
};

const FILES: Readonly<Record<string, Refused>> = {
  'a schema file with an error': {
    run: withFile('broken', { fields: [LOG_TYPE, { name: 'a', type: 'STRNG' }] }),
    says: /^Schemas: 1 problem\(s\) in schemas\nschemas\/broken\.json: /,
  },
  'more partitions than a table takes': {
    run: withFile('hourly', { fields: [LOG_TYPE], partition: { by: 'HOUR', expirationDays: 417 } }),
    says: /hourly\.json: \$\.partition\.expirationDays: expected at most 416 days .+ found 417/,
  },
  'a folder that is not there': {
    overrides: { 'logferry:schemasDir': 'nowhere' },
    says: /^Schemas: cannot read the folder nowhere \(ENOENT\)\n/,
  },
  'a type without the type key': {
    overrides: { 'logferry:typeKey': 'ts' },
    says: /^logferry:typeKey: expected a key that every schema has as a STRING field, found "ts", which /,
  },
  'rows that expire before they can be loaded again': {
    run: withFile('short', { fields: [LOG_TYPE], partition: { expirationDays: 6 } }),
    says: /^Schemas: 1 table\(s\) of stack dev would lose rows; .+\nschemas\/short\.json: .+ at least 7 /,
  },
  'a file that no ConfigMap holds': {
    run: withFile('vast', { fields: [LOG_TYPE] }, 2 ** 20),
    says: /^Schemas: vast\.json: expected at most \d+ bytes \(a Kubernetes ConfigMap holds 1 MiB\), found \d+; /,
  },
};

const HISTORY: Readonly<Record<string, Refused>> = {
  'a removed column': {
    run: deployed('purchase', { name: 'basket', type: 'STRING', mode: 'NULLABLE' }),
    says: /^Schemas: \d+ breaking change\(s\) against what stack dev has deployed; nothing was touched\.\n- purchase\.basket: deployed is STRING, the schemas say nothing; [^]+acceptBreaking: \["purchase@[0-9a-f]{8}"\]$/,
    afterLastRun: true,
  },
  'a removed table': {
    run: deployed('gone', LOG_TYPE),
    says: /\n- gone: deployed is a table, the schemas say no schemas\/gone\.json; [^]+acceptBreaking: \["gone@[0-9a-f]{8}"\]$/,
    afterLastRun: true,
  },
  'a stack that a later program deployed': {
    run: deployed('purchase', LOG_TYPE, 2),
    says: /^Stack organization\/logferry\/dev: expected deployed schemas in form 1, found form 2; /,
    afterLastRun: true,
  },
};

describe('what is wrong is refused before anything is registered', () => {
  for (const [title, { environment = 'dev', overrides, run, says, afterLastRun }] of Object.entries({
    ...SETTINGS,
    ...FILES,
    ...HISTORY,
  })) {
    it(title, async () => {
      const seen: string[] = [];
      const program = recordEnvironment(environment, overrides, {
        ...run,
        onRegistration: ({ type, name, options: { read } }) =>
          seen.push(`${read === undefined ? 'makes' : 'reads'} ${type}/${name}`),
      });
      await assert.rejects(program, (error) => {
        assert.ok(error instanceof Refusal, String(error));
        assert.match(error.message, says);
        return true;
      });
      assert.deepEqual(seen, afterLastRun ? ['reads pulumi:pulumi:StackReference/last-run'] : []);
    });
  }
});
