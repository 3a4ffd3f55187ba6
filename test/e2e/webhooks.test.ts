import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LogType } from '../../workloads/core/schema/log-type.ts';
import { loadSchemas } from '../../workloads/core/schema/schema-set.ts';
import { cli } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { expectedRow, parseExactly, withJsonParsed, withStored } from '../support/stored-rows.ts';
import { tempFolder } from '../support/temp.ts';
import { mixedLines as mixed, webhookLines as lines } from '../support/webhooks-corpus.ts';

const HOUR = '2026-11-20T14';

describe('real deliveries of GitHub webhooks', () => {
  const folder = tempFolder();
  const road = new Road(folder, {});
  const kinds = new Set(lines.map(({ event }) => event));
  let types: readonly LogType[] = [];

  before(async () => {
    assert.equal(new Set(mixed).size, lines.length, 'the order holds every line once');
    const half = Math.ceil(mixed.length / 2);
    for (const [name, part] of [
      ['a.json.gz', mixed.slice(0, half)],
      ['b.json.gz', mixed.slice(half)],
    ] as const) {
      road.put(HOUR, name, gzipSync(part.map(({ text }) => `${text}\n`).join('')));
    }
  });

  it('schemas are inferred for every kind', async () => {
    const out = join(folder, 'schemas');
    const source = `file:${join(folder, 'source')}`;
    const { code, stderr, stdout } = await cli([
      'schema',
      'infer',
      HOUR,
      '--source',
      source,
      '--type-key',
      'event',
      '--out',
      out,
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^${lines.length} lines read$`, 'm'));
    ({ types } = await loadSchemas(out));
    assert.deepEqual(new Set(types.map(({ type }) => type)), kinds);
    assert.ok(kinds.size >= 57, String(kinds.size));
  });

  it('all rows are loaded, none is rejected or quarantined', async () => {
    const { code, report, stderr } = await road.run(HOUR, '--type-key', 'event');
    assert.equal(code, 0, stderr);
    assert.equal(report.conserved, true);
    const [hour] = report.hours;
    assert.deepEqual(
      [hour?.lines, hour?.staged, hour?.quarantined, hour?.blank],
      [lines.length, lines.length, 0, 0],
    );
    const expected = [...kinds].map((type) => [type, lines.filter(({ event }) => event === type).length]);
    const found = hour!.types.map(({ type, staged, rejected, loaded, state }) => {
      assert.deepEqual([staged - loaded, rejected, state], [0, 0, 'loaded'], type);
      return [type, loaded];
    });
    assert.deepEqual(new Map(found as [string, number][]), new Map(expected as [string, number][]));
  });

  it('every value in the tables is the value in the source', async () => {
    let values = 0;
    await withStored(join(folder, 'wh.duckdb'), async (read) => {
      for (const logType of types) {
        const stored = await read(logType.table, 'delivery');
        const source = lines.filter(({ event }) => event === logType.type);
        assert.equal(stored.size, source.length, logType.table);
        for (const { delivery, text } of source) {
          const row = parseExactly(text) as Record<string, unknown>;
          assertStored(logType, stored.get(delivery)!, row, delivery);
          values += leaves(row);
        }
      }
    });
    assert.ok(values > 50_000, String(values));
  });

  it('the same run again does nothing and says so', async () => {
    const { code, report, stderr } = await road.run(HOUR, '--type-key', 'event');
    assert.equal(code, 0, stderr);
    assert.equal(report.hours[0]?.state, 'unchanged');
    assert.equal(report.conserved, true);
    assert.match(stderr, /nothing to do/);
  });
});

function assertStored(
  { fields, unknownFields }: LogType,
  stored: Record<string, unknown>,
  row: Record<string, unknown>,
  delivery: string,
): void {
  assert.deepEqual(withJsonParsed(fields, stored), expectedRow(fields, row), delivery);
  // What no column holds must be in unknown_fields, so that nothing of the source is left out of the comparison.
  const listed = new Set(fields.map(({ name }) => name));
  const rest = Object.fromEntries(Object.entries(row).filter(([key]) => !listed.has(key)));
  const kept = unknownFields === 'keep' ? (stored.unknown_fields as string | null) : null;
  assert.deepEqual(kept === null ? {} : parseExactly(kept), rest, delivery);
}

function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + leaves(inner), 0);
}
