import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { Refusal } from '../../../infra/refusal.ts';
import { only, type Recorded, type Registration } from '../../support/pulumi-mocks.ts';
import { recordEnvironment, type Overrides, type Run, type SchemaFiles } from '../../support/program.ts';

const LOG_TYPE = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };
const field = (name: string, type = 'STRING') => ({ name, type });

/** A schema folder of one type. */
const note = (fields: readonly object[], rest: object = {}): SchemaFiles => ({
  'note.json': JSON.stringify({ fields: [LOG_TYPE, ...fields], ...rest }),
});

type Outputs = Readonly<Record<string, unknown>>;

/** The program in dev, after a run that left these outputs. */
const runAfter = (
  stackOutputs: Outputs,
  schemas: SchemaFiles,
  overrides: Overrides = {},
  rest: Run = {},
): Promise<Recorded<Outputs>> => recordEnvironment('dev', overrides, { stackOutputs, schemas, ...rest });

const table = ({ registrations }: Recorded<unknown>): Registration =>
  only(registrations, 'gcp:bigquery/table:Table', 'warehouse-note-table');

const columns = (run: Recorded<unknown>): string[] =>
  (JSON.parse(table(run).inputs.schema as string) as { name: string }[]).map(({ name }) => name);

const deployedFields = (run: Recorded<Outputs>): string[] => {
  const { tables } = run.result.deployedSchemas as { tables: Record<string, { fields: { name: string }[] }> };
  return tables.note!.fields.map(({ name }) => name);
};

/** Contents of the ConfigMaps of schema files, by the object's name. */
const schemaMaps = ({ registrations }: Recorded<unknown>): Record<string, unknown> =>
  Object.fromEntries(
    registrations
      .filter(({ parent }) => parent === 'logferry:k8s:SchemaConfigMaps/schemas')
      .map(({ inputs }) => [(inputs.metadata as { name: string }).name, inputs.data]),
  );

/** Names of the ConfigMaps that the classifier's pods mount for their schemas. */
const mounted = ({ registrations }: Recorded<unknown>): string[] => {
  const { inputs } = only(registrations, 'kubernetes:batch/v1:CronJob', 'classifier-cron-job');
  const { spec } = inputs as {
    spec: { jobTemplate: { spec: { template: { spec: { volumes: Volume[] } } } } };
  };
  const volume = spec.jobTemplate.spec.template.spec.volumes.find(({ name }) => name === 'schemas');
  return volume!.projected!.sources.map(({ configMap }) => configMap.name);
};

interface Volume {
  readonly name: string;
  readonly projected?: { readonly sources: readonly { readonly configMap: { readonly name: string } }[] };
}

interface Generation {
  readonly hash: string;
  readonly gz: string;
}

/** What generations hold, newest first. */
const unpacked = (run: Recorded<Outputs>): unknown[] =>
  (run.result.schemaGenerations as Generation[]).map(({ hash, gz }) => [
    `schemas-${hash}`,
    JSON.parse(gunzipSync(Buffer.from(gz, 'base64')).toString()) as unknown,
  ]);

const refusalOf = async (run: Promise<unknown>): Promise<string> => {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Refusal, `expected a refusal, found ${String(error)}`);
  return error.message;
};

describe('a run after another', () => {
  const initial = note([field('a'), field('b', 'INTEGER')]);
  let first: Recorded<Outputs>;

  before(async () => {
    first = await runAfter({}, initial);
  });

  it('finds what the one before left: tables as they are, and the files of its schemas', () => {
    const { deployedSchemas } = first.result;
    assert.deepEqual(deployedSchemas, {
      form: 1,
      tables: {
        note: {
          type: 'note',
          fields: [
            LOG_TYPE,
            { name: 'a', type: 'STRING', mode: 'NULLABLE' },
            { name: 'b', type: 'INTEGER', mode: 'NULLABLE' },
            { name: 'folder_hour', type: 'TIMESTAMP', mode: 'REQUIRED' },
            { name: 'loaded_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
          ],
          derived: {},
          partition: { by: 'DAY' },
        },
      },
    });
    assert.deepEqual(unpacked(first), Object.entries(schemaMaps(first)));
    assert.deepEqual(Object.values(schemaMaps(first)), [initial]);
  });

  it('registers the very same where nothing was changed, and leaves the same', async () => {
    const sorted = ({ registrations }: Recorded<unknown>): Registration[] =>
      registrations.toSorted((a, b) => (`${a.type}/${a.name}` < `${b.type}/${b.name}` ? -1 : 1));
    const second = await runAfter(first.result, initial);
    assert.deepEqual(sorted(second), sorted(first));
    assert.deepEqual(second.result, first.result);
  });

  it('adds a column behind those that the table has, wherever the schema lists it', async () => {
    const second = await runAfter(first.result, note([field('c'), field('b', 'INTEGER'), field('a')]));
    const inOrder = ['log_type', 'a', 'b', 'folder_hour', 'loaded_at', 'c'];
    assert.deepEqual(columns(second), inOrder);
    assert.deepEqual(deployedFields(second), inOrder);
  });

  it('keeps the former files in the cluster, and mounts the new ones', async () => {
    const after = note([field('a'), field('b', 'INTEGER'), field('c')]);
    const second = await runAfter(first.result, after);
    const [newest] = mounted(second);
    assert.deepEqual(mounted(second), [newest]);
    assert.deepEqual(schemaMaps(second), { ...schemaMaps(first), [newest!]: after });
    assert.deepEqual(unpacked(second), [
      [newest, after],
      [mounted(first)[0], initial],
    ]);
  });

  it('refuses to break what is deployed, until exactly that is accepted', async () => {
    const broken = note([field('a', 'INTEGER'), field('b', 'INTEGER')]);
    const message = await refusalOf(runAfter(first.result, broken));
    assert.match(message, /\n- note\.a: deployed is STRING, the schemas say INTEGER; /);
    const accepted = /^logferry:acceptBreaking: (.*)$/m.exec(message)?.[1] ?? 'nothing';
    const second = await runAfter(first.result, broken, { 'logferry:acceptBreaking': accepted });
    const after = await refusalOf(runAfter(second.result, initial, { 'logferry:acceptBreaking': accepted }));
    assert.match(after, /\n- note\.a: deployed is INTEGER, the schemas say STRING; /);
  });

  it('reads them also where the state keeps them encrypted', async () => {
    const secretOutputs = ['deployedSchemas', 'schemaGenerations'];
    const broken = runAfter(first.result, note([field('b', 'INTEGER')]), {}, { secretOutputs });
    assert.match(await refusalOf(broken), /\n- note\.a: deployed is STRING, the schemas say nothing; /);
    const more = note([field('a'), field('b', 'INTEGER'), field('c')]);
    const second = await runAfter(first.result, more, {}, { secretOutputs });
    assert.equal(unpacked(second).length, 2);
  });
});

describe('an expiration that the schema no longer has', () => {
  it('is ended once, and not mentioned again', async () => {
    const first = await runAfter({}, note([], { partition: { expirationDays: 400 } }));
    const second = await runAfter(first.result, note([]));
    const third = await runAfter(second.result, note([]));
    assert.deepEqual(
      [first, second, third].map((run) => table(run).inputs.timePartitioning),
      [
        { type: 'DAY', field: 'folder_hour', expirationMs: 400 * 86_400_000 },
        { type: 'DAY', field: 'folder_hour', expirationMs: 0 },
        { type: 'DAY', field: 'folder_hour' },
      ],
    );
  });
});
