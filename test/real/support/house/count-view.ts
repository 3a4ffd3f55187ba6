import { cli } from '../../../support/cli.ts';
import type { House } from './house.ts';
import type { LogHour } from './log-hours.ts';

/** A row of the count view; the one without a type is what was quarantined. */
export interface Count {
  readonly hour: string;
  readonly type: string | null;
  readonly rows: number | null;
  readonly rejected: number | null;
  readonly quarantined: number | null;
}

const order = (counts: readonly Count[]): Count[] =>
  counts.toSorted((a, b) => (`${a.hour} ${a.type ?? ''}` < `${b.hour} ${b.type ?? ''}` ? -1 : 1));

/** What the view has to show of these hours: each type that has a schema, also with 0 rows. */
export function expectedCounts(hours: readonly LogHour[], types: readonly string[]): Count[] {
  return order(
    hours.flatMap(({ hour, rows, rejected, quarantined }) => [
      ...types.map((type) => ({
        ...{ hour, type, rows: rows[type] ?? 0 },
        ...{ rejected: rejected[type] ?? 0, quarantined: null },
      })),
      ...(quarantined === 0 ? [] : [{ hour, type: null, rows: null, rejected: null, quarantined }]),
    ]),
  );
}

const number = (value: unknown): number | null => (value === null ? null : Number(value));

/** The view's rows of these hours, by SQL that nothing of the project touches. */
export async function viewedCounts(
  { bigquery }: House,
  view: string,
  hours: readonly LogHour[],
): Promise<Count[]> {
  const query =
    "SELECT FORMAT_TIMESTAMP('%Y-%m-%dT%H', folder_hour), log_type, row_count, rejected, quarantined " +
    `FROM \`${view}\``;
  const { rows = [] } = (await bigquery.request('POST', '/queries', { query, useLegacySql: false })) as {
    rows?: { f: { v: string | null }[] }[];
  };
  const wanted = new Set<string>(hours.map(({ hour }) => hour));
  const counts = rows.map(({ f: [hour, type, count, rejected, quarantined] }) => ({
    ...{ hour: String(hour?.v), type: type?.v ?? null, rows: number(count?.v ?? null) },
    ...{ rejected: number(rejected?.v ?? null), quarantined: number(quarantined?.v ?? null) },
  }));
  return order(counts.filter(({ hour }) => wanted.has(hour)));
}

/** What `logferry counts --json` says of these hours, from another computer than the pods'. */
export async function countsCommand(
  { bigquery, engine }: House,
  hours: readonly LogHour[],
): Promise<{ type: string; hour: string; rows: number }[]> {
  const { datasets, warehouseLocation } = (await engine.outputs()) as {
    datasets: Readonly<Record<'raw' | 'loadTemp' | 'ops', string>>;
    warehouseLocation: string;
  };
  const named = { raw: datasets.raw, temp: datasets.loadTemp, ops: datasets.ops };
  const query = new URLSearchParams({ ...named, location: warehouseLocation, endpoint: bigquery.url });
  const { code, stdout, stderr } = await cli(
    ['counts', '--warehouse', `bigquery://${bigquery.project}?${query.toString()}`, '--json'],
    // Whoever looks from elsewhere has an environment of his own, and the emulator asks for no credentials.
    { env: {} },
  );
  if (code !== 0) throw new Error(`logferry counts ended with ${code}: ${stderr}`);
  const wanted = new Set<string>(hours.map(({ hour }) => hour));
  return (JSON.parse(stdout) as { type: string; hour: string; rows: number }[]).filter(({ hour }) =>
    wanted.has(hour),
  );
}
