import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '../measure/command.ts';
import { script } from './duckdb.ts';
import { versionOf, type Missing, type Tool } from './tool.ts';

/** Where `npm run bench:peers` puts what npm does not install. */
export const VENV = new URL('../../node_modules/.cache/bench-peers/venv', import.meta.url).pathname;

/** The release that figures are told of, on the DuckDB that logferry has. */
export const REQUIREMENTS = ['dlt[duckdb]==1.31.*', 'duckdb==1.5.*'];

const PYTHON = join(VENV, 'bin/python');

/** dlt's pipeline from a mixed file into tables of a DuckDB file. */
export function dlt(files: readonly string[], typeKey: string): Tool | Missing {
  const version =
    existsSync(PYTHON) &&
    versionOf(
      PYTHON,
      '-c',
      'import dlt, duckdb; print(f"dlt {dlt.__version__}, DuckDB {duckdb.__version__} (PyPI)")',
    );
  if (version === false || version === undefined) return { name: 'dlt', install: 'npm run bench:peers' };
  return {
    name: 'dlt',
    version,
    command: (output) => ({
      argv: [PYTHON, script('dlt_run.py'), typeKey, output, ...files],
      // Nothing is told to its makers, and nothing is read from a person's settings.
      env: { RUNTIME__DLTHUB_TELEMETRY: 'false', DLT_DATA_DIR: `${output}/data`, DLT_PROJECT_DIR: output },
    }),
  };
}

/** Rows of each table of its output. It names tables in snake case: `PushEvent` is `push_event`. */
export async function dltRows(output: string): Promise<Record<string, number>> {
  const { stdout } = await measure({
    argv: [PYTHON, script('dlt_count.py'), join(output, 'warehouse.duckdb')],
  });
  return JSON.parse(stdout) as Record<string, number>;
}
