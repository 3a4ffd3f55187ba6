import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernel, kernelNames, modulePath, moduleText } from '../../../scripts/kernels.ts';
import { mutantsOf, type Mutant } from './mutations.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = join(ROOT, 'node_modules/.cache/kernel-mutants');

/** What proves a kernel right, the quickest first. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'type-scan': ['test/classifier/fast-type-scanner.test.ts', 'test/classifier/windows.test.ts'],
};

/** The tests take a few seconds; what is not done by then never ends, and was noticed. */
const TIMEOUT_MS = 120_000;

type Outcome = 'survived' | 'failed a test' | 'never ended' | 'does not compile';

async function outcomeOf(name: string, { source }: Mutant): Promise<Outcome> {
  const path = join(FOLDER, `${name}.ts`);
  writeFileSync(path, source);
  const wasm = await compileKernel(name, path).catch(() => undefined);
  if (wasm === undefined) return 'does not compile';
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

/** @returns The mutants that no test noticed. */
async function run(name: string): Promise<number> {
  const mutants = mutantsOf(readFileSync(join(ROOT, 'kernels', `${name}.ts`), 'utf8'));
  const counts: Record<Outcome, number> = {
    survived: 0,
    'failed a test': 0,
    'never ended': 0,
    'does not compile': 0,
  };
  for (const [index, mutant] of mutants.entries()) {
    const outcome = await outcomeOf(name, mutant);
    counts[outcome]++;
    if (outcome === 'survived') console.log(`kernels/${name}.ts:${mutant.line} survived: ${mutant.change}`);
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${index + 1} of ${mutants.length}`);
  }
  console.log(`${name}: ${mutants.length} mutants: ${JSON.stringify(counts)}`);
  return counts.survived;
}

mkdirSync(FOLDER, { recursive: true });
let survived = 0;
for (const name of kernelNames()) if (name in TESTS) survived += await run(name);
rmSync(FOLDER, { recursive: true });
process.exitCode = survived > 0 ? 1 : 0;
