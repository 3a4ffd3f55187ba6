import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { installMoto, isMotoCurrent, MOTO, motoVersion } from './support/moto-venv.ts';
import {
  BIN,
  buildFlags,
  buildKey,
  etcd,
  GROUPS,
  isCurrent,
  keyFile,
  pinnedVersion,
  type ToolGroup,
} from './support/toolchain.ts';

// Builds the real programs that `npm run test:real` runs: node test/real/build.ts [GROUP ...]
// (all of them by default). What is already built from the pins of this checkout is left as it is.

const MIB = 2 ** 20;
/** Lines of Go's output that are shown when a build fails: its reason is at the end. */
const ERROR_LINES = 40;

const groupName = (group: ToolGroup): string => basename(group.folder);

/** Runs `go` in a group's folder; throws with the end of what it said. */
function go(group: ToolGroup, args: readonly string[]): void {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const { error, status, signal, stdout, stderr } = spawnSync('go', args, {
    cwd: group.folder,
    env,
    encoding: 'utf8',
  });
  const code = error === undefined ? undefined : (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT')
    throw new Error(
      `building ${groupName(group)} needs the program "go", found none on PATH: install Go 1.26 or newer, ` +
        'see https://go.dev/doc/install',
    );
  if (error !== undefined) throw error;
  if (status === 0) return;
  const said = `${stdout}${stderr}`.split('\n').filter((line) => !line.startsWith('go: downloading '));
  throw new Error(
    `building ${groupName(group)} in ${group.folder} failed: go ended with ${String(status ?? signal)}.\n` +
      `${said.slice(-ERROR_LINES).join('\n')}\n` +
      'If a module could not be fetched, check the network and GOPROXY; after a changed pin run "go mod tidy" in that folder.',
  );
}

/** Builds a group into a folder of its own, then moves each program in place: a build that is cut off leaves nothing half made. */
function build(group: ToolGroup): void {
  const names = Object.keys(group.packages);
  const version = pinnedVersion(group);
  console.log(`building ${names.join(' and ')} ${version}; the first time takes minutes`);
  const key = buildKey(group);
  const started = performance.now();
  const folder = mkdtempSync(join(BIN, '.building-'));
  try {
    const packages = Object.values(group.packages).map((path) => posix.join(group.module, path));
    go(group, ['build', ...buildFlags(group), '-o', `${folder}/`, ...packages]);
    for (const name of names) {
      rmSync(keyFile(name), { force: true });
      renameSync(join(folder, name), join(BIN, name));
      writeFileSync(keyFile(name), key);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  const sizes = names.map((name) => `${name} ${Math.round(statSync(join(BIN, name)).size / MIB)} MiB`);
  console.log(`built ${groupName(group)} ${version} in ${seconds} s: ${sizes.join(', ')}`);
}

/** What the command line names; all where it names nothing. */
function chosen(names: readonly string[]): { groups: readonly ToolGroup[]; moto: boolean } {
  const known = [...GROUPS.map(groupName), MOTO];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`unknown group ${unknown.join(', ')}: expected any of ${known.join(', ')}`);
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  return { groups: GROUPS.filter((group) => wanted(groupName(group))), moto: wanted(MOTO) };
}

function main(): void {
  const { groups, moto } = chosen(process.argv.slice(2));
  // Said before minutes are spent on a server that could not start.
  if (groups.some((group) => groupName(group) === 'kubernetes')) etcd();
  mkdirSync(BIN, { recursive: true });
  for (const group of groups)
    if (Object.keys(group.packages).every((name) => isCurrent(group, name)))
      console.log(`${groupName(group)} ${pinnedVersion(group)} is built`);
    else build(group);
  if (!moto) return;
  if (!isMotoCurrent()) {
    console.log(`installing ${MOTO} ${motoVersion()}`);
    installMoto();
  }
  console.log(`${MOTO} ${motoVersion()} is installed`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
