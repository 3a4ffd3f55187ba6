import { EXIT, TerminalError, messageOf, LogferryError, type ExitCode } from '../../core/errors.ts';
import type { Io } from '../io.ts';
import type { GivenOptions } from '../settings.ts';
import { renderTable } from '../tables.ts';
import { withWorkspace } from '../workspace.ts';

/** Runs one read-only query: a newcomer has no DuckDB program yet. */
export async function queryCommand(io: Io, sql: string, options: GivenOptions): Promise<ExitCode> {
  return withWorkspace(io, options, { settings: ['warehouse'], schemas: false }, async ({ loader }) => {
    const rows = await loader.warehouse
      .session((session) => session.query({ sql, params: {} }), { readOnly: true })
      .catch((error: unknown) => {
        if (error instanceof LogferryError) throw error;
        throw new TerminalError(`Query: ${messageOf(error)}`, { cause: error });
      });
    if (options.json === true) io.stdout(`${JSON.stringify(rows)}\n`);
    else if (rows.length === 0) io.stdout('No rows.\n');
    else {
      const head = Object.keys(rows[0]!);
      io.stdout(
        renderTable(
          io,
          head,
          rows.map((row) => head.map((name) => row[name] ?? '')),
        ),
      );
    }
    return EXIT.done;
  });
}
