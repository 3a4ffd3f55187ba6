import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What people install is the tarball, not this checkout: pack it, install it elsewhere, and run the demo from there.
const folder = mkdtempSync(join(tmpdir(), 'logferry-package-'));
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const packed = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], process.cwd()),
  ) as unknown;
  // npm 11 prints a list, later ones an object by package name.
  const [tarball] = Object.values(packed as Record<string, { filename: string }>);
  if (tarball === undefined) throw new Error('npm pack named no file');
  run('npm', ['init', '--yes'], folder);
  run('npm', ['install', '--no-audit', '--no-fund', join(folder, tarball.filename)], folder);
  const bin = join(folder, 'node_modules', 'logferry', 'bin', 'logferry.js');
  const output = run(process.execPath, [bin, 'demo', '--out', 'demo'], folder);
  const version = run(process.execPath, [bin, '--version'], folder).trim();
  const expected = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
  if (version !== expected) throw new Error(`expected version ${expected}, found ${version}`);
  const sentences = output.match(/^conserved: .*$/gm) ?? [];
  if (sentences.length !== 2) throw new Error(`expected the demo to prove two runs, found:\n${output}`);
  console.log(`logferry ${version} installed from its tarball, and its demo proved both runs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
