import { EXIT, type ExitCode } from '../../core/errors.ts';
import type { Row } from '../../core/ports/warehouse.ts';
import { counts } from '../../core/sql/queries.ts';
import type { Io } from '../io.ts';
import type { GivenOptions } from '../settings.ts';
import { renderTable } from '../tables.ts';
import { withWorkspace } from '../workspace.ts';

/** The count view. As JSON it is `[{type, hour, rows}]`; people also see what was rejected and quarantined. */
export async function countsCommand(io: Io, options: GivenOptions): Promise<ExitCode> {
  return withWorkspace(io, options, { settings: ['warehouse'], schemas: false }, async ({ loader }) => {
    const rows = await loader.warehouse.session((session) => session.query(counts(session.names)), {
      readOnly: true,
    });
    io.stdout(options.json === true ? `${JSON.stringify(typed(rows))}\n` : table(io, rows));
    return EXIT.done;
  });
}

function hourOfRow({ folder_hour: hour }: Row): string {
  return String(hour).slice(0, 13);
}

function typed(rows: readonly Row[]): { type: string; hour: string; rows: number }[] {
  return rows
    .filter(({ log_type: type }) => type !== null)
    .map((row) => ({ type: String(row.log_type), hour: hourOfRow(row), rows: Number(row.row_count) }));
}

function table(io: Io, rows: readonly Row[]): string {
  return renderTable(
    io,
    ['hour (UTC)', 'type', 'rows', 'rejected', 'quarantined', 'epoch'],
    rows.map((row) => [
      hourOfRow(row),
      row.log_type ?? '(no type)',
      row.row_count ?? '',
      row.rejected ?? '',
      row.quarantined ?? '',
      row.epoch ?? '',
    ]),
  );
}
