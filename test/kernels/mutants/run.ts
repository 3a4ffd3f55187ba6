import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernel, kernelNames, modulePath, moduleText } from '../../../scripts/kernels.ts';
import { mutantsOf, type Mutant } from './mutations.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const KERNELS = join(ROOT, 'kernels');
const FOLDER = join(ROOT, 'node_modules/.cache/kernel-mutants');

/** What proves a kernel right, the quickest first. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'type-scan': ['test/classifier/fast-type-scanner.test.ts', 'test/classifier/windows.test.ts'],
};

/** The tests take a few seconds; what is not done by then never ends, and was noticed. */
const TIMEOUT_MS = 120_000;

type Outcome = 'survived' | 'changes nothing' | 'failed a test' | 'never ended' | 'does not compile';

/** @param file Relative to `kernels/`. */
async function outcomeOf(name: string, file: string, { source }: Mutant): Promise<Outcome> {
  cpSync(KERNELS, FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, file), source);
  const wasm = await compileKernel(name, join(FOLDER, `${name}.ts`)).catch(() => undefined);
  if (wasm === undefined) return 'does not compile';
  if (moduleText(name, wasm) === readFileSync(modulePath(name), 'utf8')) return 'changes nothing';
  const text = join(FOLDER, `${name}.wasm.ts`);
  writeFileSync(text, moduleText(name, wasm));
  const mocha = join(ROOT, 'node_modules/.bin/mocha');
  const swap = join(ROOT, 'test/kernels/mutants/swap-kernel.ts');
  const { status, signal } = spawnSync(
    process.execPath,
    ['--import', swap, mocha, '--no-parallel', '--bail', ...TESTS[name]!],
    {
      cwd: ROOT,
      env: { ...process.env, MUTANT_MODULE: basename(modulePath(name)), MUTANT_TEXT: text },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    },
  );
  if (signal !== null) return 'never ended';
  return status === 0 ? 'survived' : 'failed a test';
}

/** @returns How many mutants no test noticed. */
async function run(name: string): Promise<number> {
  const counts: Partial<Record<Outcome, number>> = {};
  const files = [`${name}.ts`, ...globSync(`${name}/*.ts`, { cwd: KERNELS }).toSorted()];
  for (const file of files.filter((each) => only.length === 0 || only.includes(each))) {
    const mutants = mutantsOf(readFileSync(join(KERNELS, file), 'utf8'));
    for (const [index, mutant] of mutants.entries()) {
      const outcome = await outcomeOf(name, file, mutant);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (outcome === 'survived') console.log(`kernels/${file}:${mutant.line} survived: ${mutant.change}`);
      if (process.stderr.isTTY) process.stderr.write(`\r${file}: ${index + 1} of ${mutants.length} `);
    }
  }
  console.log(`${name}: ${JSON.stringify(counts)}`);
  return counts.survived ?? 0;
}

/** Files below `kernels/`, all by default. */
const only = process.argv.slice(2);

mkdirSync(FOLDER, { recursive: true });
let survived = 0;
for (const name of kernelNames()) if (name in TESTS) survived += await run(name);
rmSync(FOLDER, { recursive: true });
process.exitCode = survived > 0 ? 1 : 0;
