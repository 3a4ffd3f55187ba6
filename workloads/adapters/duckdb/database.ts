import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { checkInterrupt } from '../../core/interrupt.ts';
import { heldTooLong, openFile, type OpenOptions } from './open-file.ts';
import { Turns } from './turns.ts';

interface OpenDatabase {
  readonly instance: Promise<DuckDBInstance>;
  readonly readOnly: boolean;
  readonly turns: Turns;
  readonly closed: PromiseWithResolvers<undefined>;
  users: number;
}

/** A database in use. */
export interface Acquired {
  readonly instance: DuckDBInstance;
  /** For what only one session of this process may do at a time. */
  readonly turns: Turns;
  readonly release: () => void;
}

/** Two instances on one path in one process lose rows: every open in this process goes through here. */
const open = new Map<string, OpenDatabase>();

/** The instance of a path, opened by the first who asks and closed by the last who lets go. */
export async function acquire(
  path: string,
  options: OpenOptions,
  onFirst: (instance: DuckDBInstance) => Promise<void>,
): Promise<Acquired> {
  const deadline = Date.now() + options.lockTimeoutMs;
  for (;;) {
    const key = realPath(path);
    const database = open.get(key) ?? start(key, options, onFirst);
    // What is open for reading cannot be written to: a writer waits for its end, as for another process.
    if (database.readOnly && !options.readOnly) await closing(key, database, options, deadline);
    else return use(key, database);
  }
}

function start(
  key: string,
  options: OpenOptions,
  onFirst: (instance: DuckDBInstance) => Promise<void>,
): OpenDatabase {
  const { readOnly } = options;
  const closed = Promise.withResolvers<undefined>();
  const database = {
    instance: openFile(key, options, onFirst),
    readOnly,
    turns: new Turns(),
    closed,
    users: 0,
  };
  open.set(key, database);
  return database;
}

async function use(key: string, database: OpenDatabase): Promise<Acquired> {
  database.users++;
  try {
    const instance = await database.instance;
    return { instance, turns: database.turns, release: () => release(key, database, instance) };
  } catch (error) {
    release(key, database, undefined);
    throw error;
  }
}

function release(key: string, database: OpenDatabase, instance: DuckDBInstance | undefined): void {
  if (--database.users > 0) return;
  open.delete(key);
  instance?.closeSync();
  database.closed.resolve(undefined);
}

async function closing(
  key: string,
  { closed }: OpenDatabase,
  { signal, lockTimeoutMs }: OpenOptions,
  deadline: number,
): Promise<void> {
  const waited = new AbortController();
  const end = AbortSignal.any([signal, waited.signal]);
  const late = sleep(Math.max(0, deadline - Date.now()), 'late', { signal: end }).catch(() => undefined);
  const reason = await Promise.race([closed.promise, late]);
  waited.abort();
  checkInterrupt(signal);
  if (reason === 'late')
    throw heldTooLong(key, lockTimeoutMs, `a reader in this process (PID ${process.pid})`);
}

/** One name for one file, whatever links lead to it. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const parent = dirname(whole);
  return join(existsSync(parent) ? realpathSync(parent) : parent, basename(whole));
}
