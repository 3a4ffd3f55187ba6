import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clusterings, tableSchemaJson, timePartitioning } from '../../../infra/gcp/table-schema.ts';
import { tableFields, type Field } from '../../../workloads/core/schema/log-type.ts';
import { everyKind, logTypeOf, ownTypes } from '../../support/sql-samples.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const FIELDS = [{ name: 'a', type: 'STRING' as const }];

describe('a table’s schema as the provider gets it', () => {
  it('is one text: keys in one order, always a mode, a description only where there is one, nothing of ours', () => {
    const fields: Field[] = [
      { mode: 'REQUIRED', type: 'STRING', name: 'log_type', description: 'The “type”.' },
      { name: 'n', type: 'INTEGER', mode: 'NULLABLE', coerce: true, description: '' },
      {
        name: 'items',
        fields: [{ type: 'BOOLEAN', mode: 'REPEATED', name: 'gift', description: 'Given?' }],
        type: 'RECORD',
        mode: 'REPEATED',
      },
    ];
    assert.equal(
      tableSchemaJson(fields),
      '[{"name":"log_type","type":"STRING","mode":"REQUIRED","description":"The “type”."},' +
        '{"name":"n","type":"INTEGER","mode":"NULLABLE"},' +
        '{"name":"items","type":"RECORD","mode":"REPEATED","fields":' +
        '[{"name":"gift","type":"BOOLEAN","mode":"REPEATED","description":"Given?"}]}]',
    );
  });

  it('does not hang on the order of a field’s keys, and loses no field, at any depth', () => {
    const field = (depth: number): fc.Arbitrary<Field> =>
      fc.record(
        {
          name: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
          type: fc.constantFrom('STRING', 'JSON'),
          mode: fc.constantFrom('NULLABLE', 'REQUIRED', 'REPEATED'),
          description: fc.string(),
          ...(depth === 0 ? {} : { fields: fc.array(field(depth - 1), { maxLength: 3 }) }),
        },
        { requiredKeys: ['name', 'type', 'mode'] },
      );
    const turned = (one: Field): Field => {
      const { fields, name, type, mode, ...rest } = one;
      return { ...(fields === undefined ? {} : { fields: fields.map(turned) }), mode, ...rest, type, name };
    };
    const plain = ({ name, type, mode, description, fields }: Field): object => ({
      name,
      type,
      mode,
      ...(description === undefined || description === '' ? {} : { description }),
      ...(fields === undefined ? {} : { fields: fields.map(plain) }),
    });
    fc.assert(
      fc.property(fc.array(field(3), { maxLength: 5 }), (fields) => {
        const text = tableSchemaJson(fields);
        assert.equal(tableSchemaJson(fields.map(turned)), text);
        assert.deepEqual(JSON.parse(text), fields.map(plain));
      }),
    );
  });

  it('holds the columns of every type in schemas/ in the order that it was given', async () => {
    const types = [...(await ownTypes()), everyKind()];
    assert.equal(types.length, 15);
    for (const logType of types) {
      const fields = tableFields(logType).toReversed();
      const parsed = JSON.parse(tableSchemaJson(fields)) as { name: string }[];
      assert.deepEqual(
        parsed.map(({ name }) => name),
        fields.map(({ name }) => name),
      );
    }
  });
});

describe('how a type’s table is partitioned', () => {
  const partition = (by: 'DAY' | 'HOUR', expirationDays?: number) =>
    logTypeOf('t', {
      fields: FIELDS,
      partition: { by, ...(expirationDays === undefined ? {} : { expirationDays }) },
    });

  it('by the folder hour’s day or hour, with the schema’s expiration in milliseconds', () => {
    assert.deepEqual(timePartitioning(partition('DAY'), false), { type: 'DAY', field: 'folder_hour' });
    assert.deepEqual(timePartitioning(partition('DAY', 90), false), {
      type: 'DAY',
      field: 'folder_hour',
      expirationMs: 90 * DAY_MS,
    });
    assert.deepEqual(timePartitioning(partition('HOUR', 416), false), {
      type: 'HOUR',
      field: 'folder_hour',
      expirationMs: 416 * DAY_MS,
    });
  });

  it('an expiration that ends is told as 0, and one that only changes as what it becomes', () => {
    assert.deepEqual(timePartitioning(partition('DAY'), true), {
      type: 'DAY',
      field: 'folder_hour',
      expirationMs: 0,
    });
    assert.deepEqual(timePartitioning(partition('DAY', 7), true), {
      type: 'DAY',
      field: 'folder_hour',
      expirationMs: 7 * DAY_MS,
    });
  });
});

describe('what a type’s table is clustered by', () => {
  const fields = ['a', 'b', 'c'].map((name) => ({ name, type: 'STRING' as const }));

  it('by the folder hour first, and in an hour’s partition by what the schema names alone', () => {
    const clustering = ['c', 'a', 'b'];
    const day = logTypeOf('t', { fields, clustering });
    assert.deepEqual(clusterings(day, tableFields(day)), ['folder_hour', 'c', 'a', 'b']);
    const bare = logTypeOf('t', { fields });
    assert.deepEqual(clusterings(bare, tableFields(bare)), ['folder_hour']);
    const hour = logTypeOf('t', { fields, clustering, partition: { by: 'HOUR', expirationDays: 30 } });
    assert.deepEqual(clusterings(hour, tableFields(hour)), ['c', 'a', 'b']);
    const bareHour = logTypeOf('t', { fields, partition: { by: 'HOUR', expirationDays: 30 } });
    assert.deepEqual(clusterings(bareHour, tableFields(bareHour)), []);
  });

  it('in the spelling that the table has', () => {
    const logType = logTypeOf('t', { fields, clustering: ['a', 'b'] });
    const deployed: Field[] = [{ name: 'A', type: 'STRING', mode: 'NULLABLE' }];
    assert.deepEqual(clusterings(logType, deployed), ['folder_hour', 'A', 'b']);
  });
});
