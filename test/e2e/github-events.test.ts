import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { RunReport } from '../../workloads/cli/report.ts';
import { loadSchemas } from '../../workloads/core/schema/schema-set.ts';
import { cli, type CliResult } from '../support/cli.ts';
import { itIf } from '../support/skip.ts';
import { expectedRow, parseExactly, withJsonParsed, withStored } from '../support/stored-rows.ts';
import { tempFolder } from '../support/temp.ts';

const SOURCE = fileURLToPath(new URL('../../../shared/data/github-events/source', import.meta.url));
const HOURS = '2021-07-21T06..2021-07-21T07';

/** The source's lines of one hour. */
function linesOf(hour: string): string[] {
  const folder = join(SOURCE, '2021/07/21', hour);
  return readdirSync(folder)
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(join(folder, name)))
        .toString()
        .split('\n'),
    )
    .filter((line) => line !== '');
}

/** Rows by type, counted from the source itself. */
function countsOf(hour: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of linesOf(hour)) {
    const { type } = JSON.parse(line) as { type: string };
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

interface Counted {
  readonly type: string;
  readonly hour: string;
  readonly rows: number;
}

describe('two hours of public GitHub events', () => {
  const here = itIf(existsSync(SOURCE), 'there is no ../shared/data/github-events beside the project');
  const folder = tempFolder();
  const source = `file:${SOURCE}`;
  const warehouse = (name: string): string => join(folder, `${name}.duckdb`);

  async function infer(hours: string, out: string): Promise<void> {
    const { code, stderr } = await cli([
      'schema',
      'infer',
      hours,
      '--source',
      source,
      '--type-key',
      'type',
      '--out',
      out,
    ]);
    assert.equal(code, 0, stderr);
  }

  async function run(
    hours: string,
    name: string,
    schemas: string,
    ...more: string[]
  ): Promise<CliResult & { report: RunReport }> {
    const stores = ['--staging', `file:${join(folder, name)}`, '--warehouse', `duckdb:${warehouse(name)}`];
    const result = await cli([
      'run',
      hours,
      '--source',
      source,
      '--type-key',
      'type',
      '--schemas',
      schemas,
      ...stores,
      ...more,
      '--json',
    ]);
    return { ...result, report: JSON.parse(result.stdout) as RunReport };
  }

  async function counts(name: string): Promise<Counted[]> {
    const { code, stdout, stderr } = await cli([
      'counts',
      '--warehouse',
      `duckdb:${warehouse(name)}`,
      '--json',
    ]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Counted[];
  }

  here('infer, run, counts: exactly 400 rows in 15 tables, conserved', async () => {
    const schemas = join(folder, 's');
    await infer(HOURS, schemas);
    const { code, report, stderr } = await run(HOURS, 'all', schemas);
    assert.equal(code, 0, stderr);
    assert.deepEqual(Object.keys(report).sort(), ['conserved', 'hours']);
    assert.equal(report.conserved, true);
    assert.deepEqual(
      report.hours.map(({ hour, epoch, lines, blank, quarantined }) => ({
        hour,
        epoch,
        lines,
        blank,
        quarantined,
      })),
      [
        { hour: '2021-07-21T06', epoch: 1, lines: 200, blank: 0, quarantined: 0 },
        { hour: '2021-07-21T07', epoch: 1, lines: 200, blank: 0, quarantined: 0 },
      ],
    );
    for (const { hour, types } of report.hours) {
      const present = types
        .filter(({ staged }) => staged > 0)
        .map(({ type, staged, rejected, loaded, state }) => {
          assert.deepEqual([rejected, loaded, state], [0, staged, 'loaded'], type);
          return [type, staged] as const;
        });
      assert.deepEqual(new Map(present), countsOf(hour.slice(-2)));
    }
    const counted = await counts('all');
    const expected = ['06', '07'].flatMap((hour) =>
      [...countsOf(hour)].map(([type, rows]) => ({ type, hour: `2021-07-21T${hour}`, rows })),
    );
    const order = (a: Counted, b: Counted): number =>
      `${a.hour} ${a.type}` < `${b.hour} ${b.type}` ? -1 : 1;
    for (const row of counted) assert.deepEqual(Object.keys(row).sort(), ['hour', 'rows', 'type']);
    assert.deepEqual(counted.filter(({ rows }) => rows > 0).sort(order), expected.sort(order));
    assert.equal(
      counted.reduce((sum, { rows }) => sum + rows, 0),
      400,
    );
    assert.equal(new Set(counted.map(({ type }) => type)).size, 15);
  });

  here('every value in the tables is the value in the source', async () => {
    const rows = [...linesOf('06'), ...linesOf('07')].map(
      (line) => parseExactly(line) as Record<string, unknown>,
    );
    const { types } = await loadSchemas(join(folder, 's'));
    let compared = 0;
    await withStored(warehouse('all'), async (read) => {
      for (const { type, table, fields } of types) {
        const stored = await read(table, 'id');
        for (const row of rows.filter((one) => one.type === `"${type}`)) {
          const found = stored.get(String(row.id).slice(1))!;
          assert.deepEqual(
            withJsonParsed(fields, found),
            expectedRow(fields, row),
            `${type} ${String(row.id)}`,
          );
          compared++;
        }
      }
    });
    assert.equal(compared, 400);
  });

  here('the same run again does nothing and says so', async () => {
    const before = await counts('all');
    const { code, report, stderr } = await run(HOURS, 'all', join(folder, 's'));
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      report.hours.map(({ epoch, state }) => [epoch, state]),
      [
        [1, 'unchanged'],
        [1, 'unchanged'],
      ],
    );
    assert.equal(report.conserved, true);
    assert.match(stderr, /nothing to do/);
    assert.deepEqual(await counts('all'), before);
  });

  here(
    'an hour that the schemas were not inferred from runs: its new types are quarantined, nothing is lost',
    async () => {
      const schemas = join(folder, 's06');
      await infer('2021-07-21T06', schemas);
      const { code, report, stderr } = await run('2021-07-21T07', 'other', schemas);
      assert.equal(code, 0, stderr);
      assert.equal(report.conserved, true);
      const [hour] = report.hours;
      const known = new Set((await loadSchemas(schemas)).typeNames);
      const expected = [...countsOf('07')];
      const unknown = expected.filter(([type]) => !known.has(type)).reduce((sum, [, rows]) => sum + rows, 0);
      assert.ok(unknown > 0);
      assert.deepEqual([hour?.lines, hour?.quarantined, hour?.staged], [200, unknown, 200 - unknown]);
      for (const { type, staged, loaded, rejected } of hour!.types)
        assert.equal(staged, loaded + rejected, type);
      const rejected = hour!.types.reduce((sum, type) => sum + type.rejected, 0);
      assert.equal([...rejectsOf(join(folder, 'other'), hour!.hour).values()].flat().length, rejected);
      assert.equal(
        (await counts('other')).reduce((sum, { rows }) => sum + rows, 0),
        200 - unknown - rejected,
      );
    },
  );

  describe('with a schema that a type’s rows break', () => {
    const schemas = join(folder, 'broken');
    const pushes = (): string[] =>
      linesOf('07').filter((line) => (JSON.parse(line) as { type: string }).type === 'PushEvent');

    before(async () => {
      if (!existsSync(SOURCE)) return;
      await infer(HOURS, schemas);
      const file = join(schemas, 'PushEvent.json');
      const text = readFileSync(file, 'utf8');
      const broken = text.replace(/("name": "size",\s+"type": )"INTEGER"/, '$1"BOOLEAN"');
      assert.notEqual(broken, text);
      writeFileSync(file, broken);
    });

    here(
      'the type’s hour is reported as failed, every misfit is in the rejects, and the others load',
      async () => {
        const { code, report, stderr } = await run('2021-07-21T07', 'broken', schemas);
        assert.equal(code, 1);
        assert.equal(report.conserved, false);
        const [hour] = report.hours;
        assert.equal(hour?.state, 'failed');
        for (const { type, staged, loaded, state } of hour.types) {
          if (type === 'PushEvent') assert.deepEqual([loaded, state], [0, 'failed']);
          else assert.deepEqual([loaded, state], [staged, staged === 0 ? 'empty' : 'loaded'], type);
        }
        assert.match(stderr, /PushEvent 2021-07-21T07: expected at most 5 % misfits, found 100 of 100 rows/);
        assertPushesRejected('broken');
      },
    );

    here(
      'with --on-misfit setAside they are set aside instead, and rows + rejects are the hour’s lines',
      async () => {
        const { code, report, stderr } = await run(
          '2021-07-21T07',
          'aside',
          schemas,
          '--on-misfit',
          'setAside',
        );
        assert.equal(code, 0, stderr);
        assert.equal(report.conserved, true);
        const push = report.hours[0]?.types.find(({ type }) => type === 'PushEvent');
        assert.deepEqual(push, {
          type: 'PushEvent',
          staged: 100,
          rejected: 100,
          loaded: 0,
          state: push?.state,
        });
        assert.equal(
          (await counts('aside')).reduce((sum, { rows }) => sum + rows, 0),
          100,
        );
        assertPushesRejected('aside');
      },
    );

    function assertPushesRejected(name: string): void {
      const rejects = rejectsOf(join(folder, name), '2021-07-21T07').get('PushEvent') ?? [];
      assert.deepEqual(rejects.map(({ raw }) => raw).sort(), pushes().sort(), 'byte for byte');
      const source = linesOf('07');
      for (const { raw, field, expected, found, reason, misfits } of rejects) {
        assert.ok(source.includes(raw));
        assert.deepEqual([reason, field, expected], ['type', 'payload.size', 'BOOLEAN: true or false']);
        assert.equal(found, String((JSON.parse(raw) as { payload: { size: number } }).payload.size));
        assert.equal(misfits.length, 1);
      }
    }
  });
});

interface Reject {
  readonly type: string;
  readonly binOffset: number;
  readonly length: number;
  readonly reason: string;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly misfits: readonly { readonly field: string; readonly expected: string; readonly found: string }[];
  /** The record's bytes. */
  readonly raw: string;
}

/** The rejects in records, by type. */
function rejectsOf(staging: string, hour: string): Map<string, Reject[]> {
  const folder = join(staging, '_records/rejects', hour.replaceAll(/[-T]/g, '/'));
  if (!existsSync(folder)) return new Map();
  const byType = new Map<string, Reject[]>();
  const names = readdirSync(folder);
  for (const name of names.filter((file) => file.endsWith('.index.ndjson.gz'))) {
    // The two files of a pair share epoch and table; the digest is each one's own.
    const pair = name.replace(/[^-]*$/, '');
    const bins = names.filter((file) => file.startsWith(pair) && file.endsWith('.bin.gz'));
    assert.equal(bins.length, 1, pair);
    const bin = gunzipSync(readFileSync(join(folder, bins[0]!)));
    const index = gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .trimEnd()
      .split('\n');
    for (const entry of index.map((line) => JSON.parse(line) as Omit<Reject, 'raw'>)) {
      const raw = bin.subarray(entry.binOffset, entry.binOffset + entry.length).toString();
      byType.set(entry.type, [...(byType.get(entry.type) ?? []), { ...entry, raw }]);
    }
  }
  return byType;
}
