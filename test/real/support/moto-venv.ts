import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN, keyFile } from './toolchain.ts';

/** Pins moto and all that it needs. */
const REQUIREMENTS = fileURLToPath(new URL('../moto/requirements.txt', import.meta.url));

/** Name of the folder in .bin and for test/real/build.ts. */
export const MOTO = 'moto';

const VENV = join(BIN, MOTO);
/** Below the folder: what starts the server. */
const SERVER = join('bin', 'moto-server');
/** Lines of pip's output that are shown when it fails: its reason is at the end. */
const ERROR_LINES = 20;

/** By its own folder, wherever that was moved to: the scripts that pip writes hold the path of the build. */
const SERVER_SCRIPT = '#!/bin/sh\nexec "$(dirname "$0")/python" -m moto.server "$@"\n';

/** The version that requirements.txt pins, such as `5.2.5`. */
export function motoVersion(): string {
  const version = /^moto==(\S+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${REQUIREMENTS}: expected a line "moto==X.Y.Z", found none`);
  return version;
}

/** A hash of all that decides what is installed. */
function motoKey(): string {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS));
  return hash.update(JSON.stringify([SERVER_SCRIPT, process.platform, process.arch])).digest('hex');
}

/** Whether moto is installed from the pins of this checkout, and the Python that it was installed with is still there. */
export function isMotoCurrent(): boolean {
  return (
    existsSync(join(VENV, SERVER)) &&
    existsSync(join(VENV, 'bin', 'python')) &&
    existsSync(keyFile(MOTO)) &&
    readFileSync(keyFile(MOTO), 'utf8') === motoKey()
  );
}

/** Path of the program that serves moto. Throws where it was never installed, or from pins other than this checkout's. */
export function motoServer(): string {
  if (isMotoCurrent()) return join(VENV, SERVER);
  const found = existsSync(VENV) ? 'one that was installed from other pins' : 'nothing';
  throw new Error(`moto ${motoVersion()} is needed in ${BIN}, found ${found}: run node test/real/build.ts`);
}

/** Installs moto into a folder of its own, then moves it in place: an install that is cut off leaves nothing half made. */
export function installMoto(): void {
  const folder = mkdtempSync(join(BIN, '.building-'));
  try {
    python('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input', '-q'];
    const own = join(folder, 'bin', 'python');
    // Nothing but what is pinned; `check` then tells what the pins forgot.
    python(own, [...pip, 'install', '--no-deps', '-r', REQUIREMENTS]);
    python(own, [...pip, 'check']);
    writeFileSync(join(folder, SERVER), SERVER_SCRIPT, { mode: 0o755 });
    rmSync(keyFile(MOTO), { force: true });
    rmSync(VENV, { recursive: true, force: true });
    renameSync(folder, VENV);
    writeFileSync(keyFile(MOTO), motoKey());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Python; throws with the end of what it said. */
function python(program: string, args: readonly string[]): void {
  const { error, status, signal, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  if (error === undefined && status === 0) return;
  const said =
    error === undefined
      ? `${stdout}${stderr}`.trimEnd().split('\n').slice(-ERROR_LINES).join('\n')
      : 'there is no such program on PATH';
  throw new Error(
    `installing moto: ${program} ${args.join(' ')} ended with ${String(status ?? signal)}.\n${said}\n` +
      'It needs Python 3.10 or newer with venv ("apt-get install python3-venv" on Debian and Ubuntu) and the network.',
  );
}
