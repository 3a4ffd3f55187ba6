import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { backoff } from '../../core/attempts.ts';
import {
  LogferryError,
  messageOf,
  MissingWarehouseError,
  NotReadyError,
  systemCode,
  TerminalError,
  UsageError,
} from '../../core/errors.ts';
import { checkInterrupt } from '../../core/interrupt.ts';
import { SCHEMAS, TEMP_DATABASE } from './names.ts';

/**
 * Of new files: from this version on DuckDB packs text by dictionary and symbols together, which makes a checkpoint of a wide table three
 * to six times as fast, and the file no larger. DuckDB before 1.3 (May 2025) cannot read them; a file that is there keeps its own.
 */
const STORAGE = { storage_compatibility_version: 'v1.3.0' };

export interface OpenOptions {
  /** How long to wait for another process to let go of the file, milliseconds. */
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Open what is there, and make nothing. */
  readonly readOnly: boolean;
}

/** Opens a database file, making it where that is allowed; waits while another process holds it. */
export async function openFile(
  path: string,
  { lockTimeoutMs, signal, readOnly }: OpenOptions,
  onFirst: (instance: DuckDBInstance) => Promise<void>,
): Promise<DuckDBInstance> {
  assertUsableName(path);
  if (!existsSync(path)) {
    if (readOnly) throw nothingThere(path);
    await make(path).catch((error: unknown) => {
      throw explain(path, error);
    });
  }
  const deadline = Date.now() + lockTimeoutMs;
  for (let attempt = 0; ; attempt++) {
    checkInterrupt(signal);
    try {
      const instance = await DuckDBInstance.create(path, readOnly ? { access_mode: 'READ_ONLY' } : STORAGE);
      if (!readOnly) await onFirst(instance).catch((error: unknown) => closeAndThrow(instance, error));
      return instance;
    } catch (error) {
      const holder = lockHolder(messageOf(error));
      if (holder === undefined) throw explain(path, error);
      if (Date.now() >= deadline) throw heldTooLong(path, lockTimeoutMs, holder, error);
      await backoff(Math.min(attempt, 5), 25, 500, signal).catch(() => undefined);
    }
  }
}

/**
 * DuckDB makes a file empty and fills it afterwards; killed in between it leaves one that nothing can open ever again. So it is
 * made under another name and then linked: a database is there whole or not at all.
 */
async function make(path: string): Promise<void> {
  assertNoStrayLog(path);
  await mkdir(dirname(path), { recursive: true });
  const staged = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    (await DuckDBInstance.create(staged, STORAGE)).closeSync();
    await link(staged, path);
  } catch (error) {
    // Another process was faster, and its database is as good; or the file system has no links, and DuckDB makes the file itself.
    if (!['EEXIST', 'EPERM', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await rm(staged, { force: true });
  }
}

/** The log may hold all rows that were ever committed: DuckDB would throw it away, or replay it into a database that is not its own. */
function assertNoStrayLog(path: string): void {
  if (!existsSync(`${path}.wal`) || existsSync(path)) return;
  throw new TerminalError(
    `Warehouse duckdb:${path}: expected the database beside its log ${path}.wal, found the log alone`,
    {
      advice: 'The log holds rows. Put the database back, or remove the log too to begin anew.',
    },
  );
}

function closeAndThrow(instance: DuckDBInstance, error: unknown): never {
  instance.closeSync();
  throw error;
}

/** DuckDB names a database after its file; called like one of its schemas, no table in it could be named without doubt. */
function assertUsableName(path: string): void {
  const [name = ''] = basename(path).split('.');
  const taken: readonly string[] = [...Object.values(SCHEMAS), TEMP_DATABASE];
  if (!taken.includes(name.toLowerCase())) return;
  throw new UsageError(
    `Warehouse duckdb:${path}: expected another file name than ${taken.join(', ')}, found "${name}"`,
    {
      advice:
        'DuckDB names the database after the file, and these names mean schemas in it. Rename the file.',
    },
  );
}

function nothingThere(path: string): MissingWarehouseError {
  return new MissingWarehouseError(`Warehouse duckdb:${path}: expected a database file, found none`, {
    advice: 'Load an hour first, or check the path of --warehouse (LOGFERRY_WAREHOUSE).',
  });
}

export function heldTooLong(
  path: string,
  lockTimeoutMs: number,
  holder: string,
  cause?: unknown,
): NotReadyError {
  return new NotReadyError(
    `Warehouse duckdb:${path}: expected it to be free within ${lockTimeoutMs / 1000} s, it is held by ${holder}`,
    {
      advice:
        'DuckDB lets one process at a time hold a file, even against readers. End that program, or raise --lock-timeout.',
      cause,
    },
  );
}

/** Who holds the lock, as DuckDB tells it, or undefined where the error is another one. */
function lockHolder(message: string): string | undefined {
  if (!/could not set lock|conflicting lock|being used by another process/i.test(message)) return undefined;
  return /held in ([^\n]*?\(PID \d+\))/i.exec(message)?.[1] ?? 'another process';
}

function explain(path: string, error: unknown): unknown {
  if (error instanceof LogferryError) return error;
  const message = messageOf(error);
  if (!existsSync(path) || /not a valid DuckDB database file|IO Error|Serialization Error/i.test(message)) {
    return new TerminalError(`Warehouse duckdb:${path}: cannot open it: ${message.split('\n')[0] ?? ''}`, {
      advice:
        'Check the path of --warehouse, its permissions and the disk; a file of another program or version cannot be opened.',
      cause: error,
    });
  }
  return error;
}
