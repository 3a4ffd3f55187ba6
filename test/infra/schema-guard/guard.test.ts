import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  deployedAs,
  expirationEnds,
  tableSpecs,
  type DeployedSchemas,
} from '../../../infra/schema-guard/deployed.ts';
import { refuseBreakingChanges } from '../../../infra/schema-guard/guard.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { SchemaSet } from '../../../workloads/core/schema/schema-set.ts';

type File = Record<string, unknown>;

function schemaSet(files: Readonly<Record<string, File>>): SchemaSet {
  return new SchemaSet(
    Object.entries(files).map(([table, file]) => {
      const parsed = parseLogType(`schemas/${table}.json`, JSON.stringify(file));
      assert.ok('logType' in parsed, JSON.stringify(parsed));
      return parsed.logType;
    }),
  );
}

/** What a stack has after an `up` with these files, on top of what it had. */
function deploy(files: Readonly<Record<string, File>>, before?: DeployedSchemas): DeployedSchemas {
  return deployedAs(tableSpecs(before, schemaSet(files)));
}

const field = (name: string, type = 'STRING', mode = 'NULLABLE'): File => ({ name, type, mode });
const record = (name: string, fields: File[], mode = 'NULLABLE'): File => ({
  name,
  type: 'RECORD',
  mode,
  fields,
});
const file = (fields: File[], rest: File = {}): File => ({ fields, ...rest });

const PURCHASE = file([
  field('log_type', 'STRING', 'REQUIRED'),
  field('amount', 'NUMERIC'),
  record('items', [field('sku'), field('price', 'NUMERIC')], 'REPEATED'),
]);

function refusal(before: Record<string, File>, after: Record<string, File>, accepted: string[] = []): string {
  const deployed = deploy(before);
  try {
    refuseBreakingChanges(deployed, deploy(after, deployed), {
      environment: 'prod',
      acceptBreaking: accepted,
    });
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  return 'goes on';
}

/** The lines about single changes. */
function findings(before: Record<string, File>, after: Record<string, File>): string[] {
  return refusal(before, after)
    .split('\n')
    .filter((line) => line.startsWith('- '));
}

const fields = PURCHASE.fields as File[];
const changed = (index: number, replacement: File): File => file(fields.with(index, replacement));

describe('what a schema change may do to a deployed table', () => {
  it('the first run has nothing to compare with', () => {
    assert.doesNotThrow(() =>
      refuseBreakingChanges(undefined, deploy({ purchase: PURCHASE }), {
        environment: 'dev',
        acceptBreaking: [],
      }),
    );
  });

  const harmless: Record<string, Record<string, File>> = {
    nothing: { purchase: PURCHASE },
    'a new table': { purchase: PURCHASE, refund: PURCHASE },
    'a new nullable column': { purchase: file([...fields, field('memo')]) },
    'a new repeated column': { purchase: file([...fields, field('tags', 'STRING', 'REPEATED')]) },
    'a new column between the others': { purchase: file([fields[0]!, field('memo'), ...fields.slice(1)]) },
    'a new column in a record': {
      purchase: changed(
        2,
        record('items', [field('tax', 'NUMERIC'), field('sku'), field('price', 'NUMERIC')], 'REPEATED'),
      ),
    },
    'columns in another order': { purchase: file(fields.toReversed()) },
    'another case in a name': { purchase: changed(1, field('Amount', 'NUMERIC')) },
    'REQUIRED relaxed': { purchase: changed(0, field('log_type')) },
    'a description, a lane, a policy': {
      purchase: { ...PURCHASE, description: 'x', lane: 'fast', onMisfit: 'fail', clustering: ['amount'] },
    },
    'a derived column': {
      purchase: {
        ...PURCHASE,
        columns: { hour_kst: { from: 'folder_hour', as: 'DATETIME', timeZone: 'Asia/Seoul' } },
      },
    },
  };
  for (const [name, after] of Object.entries(harmless)) {
    it(`${name} goes on`, () => assert.equal(refusal({ purchase: PURCHASE }, after), 'goes on'));
  }

  const breaking: Record<string, [Record<string, File>, string]> = {
    'a removed column': [
      { purchase: file(fields.slice(0, 1).concat(fields.slice(2))) },
      '- purchase.amount: deployed is NUMERIC, the schemas say nothing; the column would be dropped with all its values.',
    ],
    'a removed column in a record': [
      { purchase: changed(2, record('items', [field('sku')], 'REPEATED')) },
      '- purchase.items.price: deployed is NUMERIC, the schemas say nothing; the table would be made anew, empty.',
    ],
    'another type': [
      { purchase: changed(1, field('amount', 'FLOAT')) },
      '- purchase.amount: deployed is NUMERIC, the schemas say FLOAT; BigQuery cannot change this type: the table would be made anew, empty.',
    ],
    'another type in a record': [
      {
        purchase: changed(
          2,
          record('items', [field('sku', 'INTEGER'), field('price', 'NUMERIC')], 'REPEATED'),
        ),
      },
      '- purchase.items.sku: deployed is STRING, the schemas say INTEGER; BigQuery cannot change this type: the table would be made anew, empty.',
    ],
    'REPEATED made single': [
      { purchase: changed(2, record('items', [field('sku'), field('price', 'NUMERIC')])) },
      '- purchase.items: deployed is RECORD REPEATED, the schemas say RECORD; BigQuery only relaxes REQUIRED to NULLABLE, every other change of mode it refuses.',
    ],
    'NULLABLE made REQUIRED': [
      { purchase: changed(1, field('amount', 'NUMERIC', 'REQUIRED')) },
      '- purchase.amount: deployed is NUMERIC, the schemas say NUMERIC REQUIRED; BigQuery only relaxes REQUIRED to NULLABLE, every other change of mode it refuses.',
    ],
    'a new REQUIRED column': [
      { purchase: file([...fields, field('memo', 'STRING', 'REQUIRED')]) },
      '- purchase.memo: deployed is nothing, the schemas say STRING REQUIRED; BigQuery adds only NULLABLE and REPEATED columns to a table that exists.',
    ],
    'another partition': [
      { purchase: { ...PURCHASE, partition: { by: 'HOUR', expirationDays: 100 } } },
      '- purchase (partition.by): deployed is DAY, the schemas say HOUR; BigQuery cannot change how a table is partitioned: it would be made anew, empty.',
    ],
    'a shorter life': [
      { purchase: { ...PURCHASE, partition: { by: 'DAY', expirationDays: 30 } } },
      '- purchase (partition.expirationDays): deployed is kept for ever, the schemas say 30; BigQuery deletes the partitions that are older at once.',
    ],
    'another type of log': [
      { purchase: { ...PURCHASE, type: 'shop/purchase' } },
      '- purchase (type): deployed is "purchase", the schemas say "shop/purchase"; a table belongs to one log type for good: its ledger and control row carry the name.',
    ],
    'a removed column where another one comes': [
      { purchase: changed(1, field('memo')) },
      '- purchase.amount: deployed is NUMERIC, the schemas say nothing; the table would be made anew, empty.',
    ],
    'a table that is gone': [
      { refund: PURCHASE },
      '- purchase: deployed is a table, the schemas say no schemas/purchase.json; the table would be deleted with all its rows.',
    ],
  };
  for (const [name, [after, message]] of Object.entries(breaking)) {
    it(`${name} is refused`, () => assert.equal(findings({ purchase: PURCHASE }, after)[0], message));
  }

  it('a longer life goes on, a shorter one does not', () => {
    const days = (expirationDays: number): Record<string, File> => ({
      purchase: { ...PURCHASE, partition: { by: 'DAY', expirationDays } },
    });
    assert.equal(refusal(days(30), days(31)), 'goes on');
    assert.equal(refusal(days(30), { purchase: PURCHASE }), 'goes on');
    assert.deepEqual(findings(days(30), days(29)), [
      '- purchase (partition.expirationDays): deployed is 30, the schemas say 29; BigQuery deletes the partitions that are older at once.',
    ]);
  });

  it('all changes are told at once, with the ways out', () => {
    assert.equal(
      refusal({ purchase: PURCHASE, refund: PURCHASE }, { purchase: changed(1, field('amount', 'FLOAT')) }),
      [
        'Schemas: 2 breaking change(s) against what stack prod has deployed; nothing was touched.',
        '- purchase.amount: deployed is NUMERIC, the schemas say FLOAT; BigQuery cannot change this type: the table would be made anew, empty.',
        '- refund: deployed is a table, the schemas say no schemas/refund.json; the table would be deleted with all its rows.',
        'Ways out: keep what is deployed and add another column beside it; or make a new log type with a table of its own; or move the',
        'rows by hand (docs/deploy.md, "Breaking a schema on purpose") and then accept exactly this change:',
        'logferry:acceptBreaking: ["purchase@b8b49766","refund@23d20894"]',
      ].join('\n'),
    );
  });
});

describe('accepting a break', () => {
  const amount = (type: string): Record<string, File> => ({ purchase: changed(1, field('amount', type)) });
  const withMemo = { purchase: file([...fields, field('memo')]) };
  const before = { purchase: PURCHASE };
  const proposed = (from: Record<string, File>, to: Record<string, File>): string[] =>
    JSON.parse(refusal(from, to).split('logferry:acceptBreaking: ')[1]!) as string[];

  it('what the message proposes lets this change through, now and when the run is repeated', () => {
    const acceptance = proposed(before, amount('FLOAT'));
    assert.equal(refusal(before, amount('FLOAT'), acceptance), 'goes on');
    assert.equal(refusal(amount('FLOAT'), amount('FLOAT'), acceptance), 'goes on');
  });

  it('it lets no other change through, also none that comes back to what was accepted', () => {
    const acceptance = proposed(withMemo, before);
    assert.equal(refusal(withMemo, before, acceptance), 'goes on');
    assert.match(refusal(before, amount('STRING'), acceptance), /^Schemas: 1 breaking change/);
    const withTags = { purchase: file([...fields, field('tags')]) };
    assert.match(
      refusal(withTags, before, acceptance),
      /- purchase\.tags: deployed is STRING, the schemas say nothing/,
    );
  });

  it('a table may go once that is accepted; another one of its name may not', () => {
    const acceptance = proposed(before, { refund: PURCHASE });
    assert.equal(refusal(before, { refund: PURCHASE }, acceptance), 'goes on');
    assert.match(refusal(withMemo, { refund: PURCHASE }, acceptance), /- purchase: deployed is a table/);
  });

  it('tables may have names that every JavaScript object knows', () => {
    assert.equal(refusal(before, { ...before, constructor: PURCHASE }), 'goes on');
    assert.equal(refusal({ ...before, toString: PURCHASE }, { ...before, toString: PURCHASE }), 'goes on');
    assert.match(refusal({ ...before, constructor: PURCHASE }, before), /- constructor: deployed is a table/);
  });
});

describe('how a derived column comes about', () => {
  const derived = (unit: string, rest: File = {}): Record<string, File> => ({
    purchase: file([...fields, field('ts', 'INTEGER')], {
      columns: { at: { from: 'ts', as: 'TIMESTAMP', unit, ...rest } },
    }),
  });

  it('does not change under rows that are there', () => {
    assert.deepEqual(findings(derived('ms'), derived('s')), [
      '- purchase.at (derived): deployed is {"as":"TIMESTAMP","from":"ts","unit":"ms"}, the schemas say {"as":"TIMESTAMP","from":"ts","unit":"s"}; ' +
        'rows that are there would keep the former meaning beside new ones with another.',
    ]);
  });

  it('is the same where its name is spelled in another case', () => {
    const respelled = {
      purchase: file([...fields, field('ts', 'INTEGER')], {
        columns: { AT: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' } },
      }),
    };
    assert.equal(refusal(derived('ms'), respelled), 'goes on');
  });

  it('may get a description', () => {
    assert.equal(refusal(derived('ms'), derived('ms', { description: 'when' })), 'goes on');
  });

  it('does not become a field of the log, nor such a field a derived column', () => {
    const asField = { purchase: file([...fields, field('ts', 'INTEGER'), field('at', 'TIMESTAMP')]) };
    const derivation = '{"as":"TIMESTAMP","from":"ts","unit":"ms"}';
    const consequence = 'rows that are there would keep the former meaning beside new ones with another.';
    assert.deepEqual(findings(derived('ms'), asField), [
      `- purchase.at (derived): deployed is ${derivation}, the schemas say a field of the log; ${consequence}`,
    ]);
    assert.deepEqual(findings(asField, derived('ms')), [
      `- purchase.at (derived): deployed is a field of the log, the schemas say ${derivation}; ${consequence}`,
    ]);
  });
});

describe('tables whose expiration ends', () => {
  it('are those that had one and whose schema names none', () => {
    const days = (expirationDays?: number): File => ({
      ...PURCHASE,
      ...(expirationDays === undefined ? {} : { partition: { by: 'DAY', expirationDays } }),
    });
    const deployed = deploy({ a: days(30), b: days(30), c: days() });
    const now = tableSpecs(deployed, schemaSet({ a: days(), b: days(40), c: days(), d: days() }));
    assert.deepEqual(expirationEnds(deployed, now), ['a']);
    assert.deepEqual(expirationEnds(undefined, now), []);
  });
});

describe('the order of a table’s columns', () => {
  const names = (deployed: DeployedSchemas): string[] =>
    deployed.tables.purchase!.fields.map(({ name }) => name);

  it('is the schema’s at first, and later ones come at the end, in records too', () => {
    const first = deploy({ purchase: PURCHASE });
    assert.deepEqual(names(first), ['log_type', 'amount', 'items', 'folder_hour', 'loaded_at']);
    const later = deploy(
      {
        purchase: file([
          field('memo'),
          ...fields.slice(0, 2),
          record('items', [field('tax', 'NUMERIC'), field('sku'), field('price', 'NUMERIC')], 'REPEATED'),
        ]),
      },
      first,
    );
    assert.deepEqual(names(later), ['log_type', 'amount', 'items', 'folder_hour', 'loaded_at', 'memo']);
    assert.deepEqual(
      later.tables.purchase!.fields[2]!.fields!.map(({ name }) => name),
      ['sku', 'price', 'tax'],
    );
  });

  it('is the same in the next run, whatever order the file has them in, and never a break', () => {
    const column = fc.record({
      name: fc.stringMatching(/^[a-d][a-d0-9]{0,3}$/),
      type: fc.constantFrom('STRING', 'NUMERIC', 'JSON'),
    });
    const columns = fc.uniqueArray(column, { minLength: 2, maxLength: 8, selector: ({ name }) => name });
    fc.assert(
      fc.property(columns, fc.nat(), (list, cut) => {
        const some = list.slice(0, 1 + (cut % list.length));
        const first = deploy({ purchase: file(some) });
        const second = deploy({ purchase: file(list.toReversed()) }, first);
        const third = deploy({ purchase: file(list) }, second);
        assert.deepEqual(third, second);
        assert.deepEqual(names(second).slice(0, names(first).length), names(first));
        refuseBreakingChanges(first, second, { environment: 'dev', acceptBreaking: [] });
      }),
    );
  });
});
