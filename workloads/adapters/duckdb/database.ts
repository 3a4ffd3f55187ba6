import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { backoff } from '../../core/attempts.ts';
import { messageOf, NotReadyError, TerminalError } from '../../core/errors.ts';
import { checkInterrupt } from '../../core/interrupt.ts';

export interface OpenOptions {
  /** How long to wait for another process to let go of the file, milliseconds. */
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Open what is there, and make nothing. */
  readonly readOnly: boolean;
}

interface OpenDatabase {
  readonly instance: Promise<DuckDBInstance>;
  users: number;
}

/** Two instances on one path in one process lose rows: every open in this process goes through here. */
const open = new Map<string, OpenDatabase>();

/** The instance of a path, opened by the first who asks and closed by the last who lets go. */
export async function acquire(
  path: string,
  options: OpenOptions,
  onFirst: (instance: DuckDBInstance) => Promise<void>,
): Promise<{ instance: DuckDBInstance; release: () => void }> {
  const key = resolve(path);
  let database = open.get(key);
  if (database === undefined) {
    database = { instance: openFile(key, options, onFirst), users: 0 };
    open.set(key, database);
  }
  database.users++;
  const current = database;
  try {
    const instance = await current.instance;
    return { instance, release: () => release(key, current, instance) };
  } catch (error) {
    release(key, current, undefined);
    throw error;
  }
}

function release(key: string, database: OpenDatabase, instance: DuckDBInstance | undefined): void {
  if (--database.users > 0) return;
  open.delete(key);
  instance?.closeSync();
}

async function openFile(
  path: string,
  { lockTimeoutMs, signal, readOnly }: OpenOptions,
  onFirst: (instance: DuckDBInstance) => Promise<void>,
): Promise<DuckDBInstance> {
  if (readOnly && !existsSync(path)) {
    throw new NotReadyError(`Warehouse duckdb:${path}: expected a database file, found none`, {
      advice: 'Load an hour first, or check the path of --warehouse (LOGFERRY_WAREHOUSE).',
    });
  }
  await makeParent(path);
  const deadline = Date.now() + lockTimeoutMs;
  for (let attempt = 0; ; attempt++) {
    checkInterrupt(signal);
    try {
      const instance = await DuckDBInstance.create(path, readOnly ? { access_mode: 'READ_ONLY' } : {});
      if (!readOnly) await onFirst(instance).catch((error: unknown) => closeAndThrow(instance, error));
      return instance;
    } catch (error) {
      const holder = lockHolder(messageOf(error));
      if (holder === undefined) throw explain(path, error);
      if (Date.now() >= deadline) {
        throw new NotReadyError(
          `Warehouse duckdb:${path}: expected it to be free within ${lockTimeoutMs / 1000} s, it is held by ${holder}`,
          {
            advice: 'DuckDB lets one process at a time hold a file, even against readers. End that program, or raise --lock-timeout.',
            cause: error,
          },
        );
      }
      await backoff(Math.min(attempt, 5), 25, 500, signal).catch(() => undefined);
    }
  }
}

function closeAndThrow(instance: DuckDBInstance, error: unknown): never {
  instance.closeSync();
  throw error;
}

async function makeParent(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw explain(path, error);
  });
}

/** Who holds the lock, as DuckDB tells it, or undefined where the error is another one. */
function lockHolder(message: string): string | undefined {
  if (!/could not set lock|conflicting lock|being used by another process/i.test(message)) return undefined;
  return /held in ([^\n]*?\(PID \d+\))/i.exec(message)?.[1] ?? 'another process';
}

function explain(path: string, error: unknown): unknown {
  const message = messageOf(error);
  if (!existsSync(path) || /not a valid DuckDB database file|IO Error|Serialization Error/i.test(message)) {
    return new TerminalError(`Warehouse duckdb:${path}: cannot open it: ${message.split('\n')[0] ?? ''}`, {
      advice: 'Check the path of --warehouse, its permissions and the disk; a file of another program or version cannot be opened.',
      cause: error,
    });
  }
  return error;
}
