import { mkdtempSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startChild, tail, type Child } from './child.ts';
import { freePorts } from './ports.ts';
import { waitFor } from './wait.ts';

/** Seconds until a server is ready: one second alone, on a machine that does other things far more. */
const READY_SECONDS = 60;
/** A free port may be taken by another program before the server binds it; three in a row are no accident. */
const TRIES = 3;

/** A program that listens on one or more ports. */
export interface Program {
  readonly path: string;
  readonly ports: number;
  readonly args: (ports: readonly number[], folder: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Asked until it answers true; an error counts as not yet. */
  readonly isReady: (ports: readonly number[]) => Promise<boolean>;
}

/** Starts a program on free ports with its log below `tempFolder`. Throws with the end of its log where it does not start. */
export async function startServer(
  tempFolder: string,
  program: Program,
): Promise<{ ports: readonly number[]; child: Child }> {
  for (let attempt = 1; ; attempt++) {
    const ports = await freePorts(program.ports);
    const folder = mkdtempSync(join(tempFolder, `${basename(program.path)}-`));
    const child = startChild(folder, program.path, program.args(ports, folder), program.env);
    try {
      await waitUntilReady(child, () => program.isReady(ports));
      return { ports, child };
    } catch (error) {
      await child.kill();
      const taken = tail(child).includes('address already in use');
      if (!taken || attempt === TRIES)
        throw new Error(`${child.name} did not start: ${(error as Error).message}\n${tail(child)}`, {
          cause: error,
        });
    }
  }
}

async function waitUntilReady(child: Child, isReady: () => Promise<boolean>): Promise<void> {
  const ended = (): void => {
    const how = child.end();
    if (how !== undefined) throw new Error(`it ended with ${how}`);
  };
  await waitFor(
    `${child.name} to be ready`,
    READY_SECONDS,
    async () => (await isReady()) || undefined,
    ended,
  );
}
