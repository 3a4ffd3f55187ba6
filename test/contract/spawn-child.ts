import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./duckdb-child.ts', import.meta.url));

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Resolves once it is gone. */
  readonly gone: Promise<void>;
}

/** Starts `duckdb-child.ts` and waits until it says that it got where it is wanted. */
export async function spawnChild(mode: 'hold' | 'load' | 'commit', folder: string): Promise<Child> {
  const child = spawn(process.execPath, [SCRIPT, mode, folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('ready') && resolve());
    void gone.then(() => reject(new Error(`the child ended early: ${errors}`)));
  });
  return { pid: child.pid!, process: child, gone };
}
