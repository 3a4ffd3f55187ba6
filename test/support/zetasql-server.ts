import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

const LIB = dirname(createRequire(import.meta.url).resolve('@fivetrandevelopers/zetasql'));
/** The package brings binaries for Linux and macOS; it names them so. */
const BINARY = join(
  LIB,
  'zetasql',
  `remote_server${process.arch.startsWith('arm') ? '_arm' : ''}${process.platform === 'darwin' ? '' : '.so'}`,
);

/** Without them the server ends at the first question. */
const ZONES = process.env.TZDIR ?? '/usr/share/zoneinfo';

const TRIES = 3;

/** Why ZetaSQL cannot run here, or undefined where it can. */
export function serverProblem(): string | undefined {
  const known = ['x64', 'arm64'].includes(process.arch) && ['linux', 'darwin'].includes(process.platform);
  if (!known || !existsSync(BINARY))
    return `the package brings no ZetaSQL for ${process.platform}-${process.arch}`;
  if (!existsSync(join(ZONES, 'Asia', 'Seoul')))
    return `ZetaSQL’s server reads time zones from ${ZONES} (package tzdata)`;
  try {
    accessSync(BINARY, constants.X_OK);
  } catch {
    // Some package managers unpack files without their executable bit.
    try {
      chmodSync(BINARY, 0o755);
    } catch {
      return `ZetaSQL’s server may not be executed and its mode may not be changed: ${BINARY}`;
    }
  }
  return undefined;
}

/** A server process, ready once `isUp` says so; a port that another program took meanwhile is given up for a new one. */
export async function startServer(
  isUp: (port: number) => Promise<void>,
): Promise<{ port: number; stop: () => void }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    // Not the package's runServer: it writes the server's chatter into the report, and never tells that the server ended.
    const child = spawn(BINARY, ['localhost', String(port)], { stdio: 'ignore' });
    const stop = (): void => void child.kill('SIGKILL');
    process.once('exit', stop);
    try {
      await Promise.race([isUp(port), ended(child)]);
      return { port, stop };
    } catch (error) {
      stop();
      if (attempt === TRIES) throw error;
    }
  }
}

function ended(child: ChildProcess): Promise<never> {
  return new Promise((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`ZetaSQL’s server ended: ${String(code ?? signal)}`)),
    );
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
