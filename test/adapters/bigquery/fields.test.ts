import assert from 'node:assert/strict';
import { fieldsOf, tempFields } from '../../../workloads/adapters/bigquery/fields.ts';
import { assertCovers } from '../../../workloads/adapters/bigquery/prepare.ts';
import type { Field } from '../../../workloads/core/schema/log-type.ts';

const field = (name: string, type: Field['type'] = 'STRING', mode: Field['mode'] = 'NULLABLE'): Field => ({
  name,
  type,
  mode,
});
const record = (name: string, fields: readonly Field[], mode: Field['mode'] = 'NULLABLE'): Field => ({
  ...field(name, 'RECORD', mode),
  fields,
});

describe('fields of a table', () => {
  it('are read in both spellings of types, with their modes', () => {
    assert.deepEqual(
      fieldsOf([
        { name: 'a', type: 'INT64' },
        { name: 'b', type: 'BOOL', mode: 'REQUIRED', description: 'd' },
        { name: 'c', type: 'STRUCT', mode: 'REPEATED', fields: [{ name: 'd', type: 'FLOAT64', mode: '' }] },
      ]),
      [
        field('a', 'INTEGER'),
        { ...field('b', 'BOOLEAN', 'REQUIRED'), description: 'd' },
        record('c', [field('d', 'FLOAT')], 'REPEATED'),
      ],
    );
  });

  it('of a type that no log type leads to -> TerminalError that names it', () => {
    assert.throws(
      () => fieldsOf([{ name: 'r', type: 'RECORD', fields: [{ name: 'place', type: 'GEOGRAPHY' }] }]),
      {
        name: 'TerminalError',
        message: 'Column r.place: expected a type that a log type leads to, found GEOGRAPHY',
      },
    );
  });
});

describe('fields of a TEMP table', () => {
  it('are the schema’s, with every record as the table has it', () => {
    const schema = [
      field('late'),
      record('rec', [
        field('b'),
        record('deep', [field('y', 'INTEGER'), field('x')]),
        field('a', 'INTEGER', 'REQUIRED'),
      ]),
      record('recs', [field('NEW'), field('Old', 'DATE')], 'REPEATED'),
    ];
    const table = [
      record('recs', [field('old', 'DATE'), field('gone', 'JSON'), field('new')], 'REPEATED'),
      record('REC', [field('a', 'INTEGER'), record('deep', [field('x'), field('y', 'INTEGER')]), field('b')]),
      field('folder_hour', 'TIMESTAMP', 'REQUIRED'),
    ];
    assert.deepEqual(tempFields(schema, table), [
      field('late'),
      record('rec', [
        field('a', 'INTEGER', 'REQUIRED'),
        record('deep', [field('x'), field('y', 'INTEGER')]),
        field('b'),
      ]),
      record('recs', [field('Old', 'DATE'), field('gone', 'JSON'), field('NEW')], 'REPEATED'),
    ]);
  });

  it('without a table are the schema’s', () => {
    const schema = [record('rec', [field('b'), field('a')])];
    assert.deepEqual(tempFields(schema, []), schema);
  });
});

describe('a table that Pulumi made', () => {
  const table = [field('must', 'INTEGER', 'REQUIRED'), record('rec', [field('a', 'INTEGER', 'REQUIRED')])];
  const holds = (wanted: readonly Field[]) => (): void => {
    assertCovers('Table p.raw.t', table, wanted, 'schemas/t.json');
  };

  it('covers the schema that it was made from', () => holds(table)());

  it('that lacks a column, or is stricter, is for "pulumi up": NotReadyError that names what and where', () => {
    assert.throws(
      holds([
        field('must', 'INTEGER'),
        field('price', 'NUMERIC'),
        record('rec', [field('a', 'INTEGER'), field('b')]),
      ]),
      (error: Error & { advice?: string; exitCode?: number }) => {
        assert.equal(error.name, 'NotReadyError');
        assert.equal(error.exitCode, 75);
        assert.equal(
          error.message,
          'Table p.raw.t lags behind schemas/t.json: must: expected INTEGER, found INTEGER REQUIRED; ' +
            'price: expected NUMERIC, found no such column; rec.a: expected INTEGER, found INTEGER REQUIRED; ' +
            'rec.b: expected STRING, found no such column',
        );
        assert.match(error.advice ?? '', /run "pulumi up"/);
        return true;
      },
    );
    // A column that the schema does not have any more, and that must not be empty.
    assert.throws(holds([table[1]!]), { name: 'NotReadyError' });
  });

  it('that no change in place mends -> TerminalError, whatever else is missing', () => {
    assert.throws(holds([field('must', 'STRING'), field('price', 'NUMERIC'), table[1]!]), {
      name: 'TerminalError',
      message:
        'Table p.raw.t: the schema changed in a way that breaks what is stored: must: expected STRING, found INTEGER REQUIRED',
    });
  });
});
