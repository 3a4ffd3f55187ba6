import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { compileKernel, modulePath, moduleText } from '../../../scripts/kernels.ts';
import { EQUIVALENT } from './equivalent.ts';
import { mutantsOf, type Mutant } from './mutations.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const KERNELS = join(ROOT, 'kernels');
const FOLDER = join(ROOT, `node_modules/.cache/kernel-mutants-${process.pid}`);

/** What proves a kernel right, the quickest first. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  deflate: ['codes', 'code-lengths', 'fast-deflate'].map((each) => `test/core/compression/${each}.test.ts`),
  'row-check': [
    ...['forms', 'members', 'numbers', 'temporal', 'texts', 'kept-members', 'row-kernel'],
    // The slow ones.
    ...['json-values', 'sound', 'corpora'],
  ].map((each) => `test/core/rows/fast/${each}.test.ts`),
  'type-scan': ['test/classifier/fast-type-scanner.test.ts', 'test/classifier/windows.test.ts'],
};

/** The tests take a few seconds; what is not done by then never ends, and was noticed. */
const TIMEOUT_MS = 120_000;

type Outcome =
  'survived' | 'says the same' | 'changes nothing' | 'failed a test' | 'never ended' | 'does not compile';

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

/** A kernel's files below `kernels/`: what it imports, and what that imports. */
function filesOf(first: string): string[] {
  const files = new Set([first]);
  for (const file of files)
    for (const { fileName } of ts.preProcessFile(readFileSync(join(KERNELS, file), 'utf8')).importedFiles)
      files.add(join(dirname(file), `${fileName}.ts`));
  return [...files];
}

/**
 * Tells what is wrong as it is found: mutants that no test noticed and nobody explained, and explanations of mutants that there are not.
 * @param files Below `kernels/`; all of the kernel's where there are none.
 */
async function run(name: string, files: readonly string[]): Promise<void> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const file of filesOf(`${name}.ts`).filter((each) => files.length === 0 || files.includes(each))) {
    const mutants = mutantsOf(readFileSync(join(KERNELS, file), 'utf8'));
    const explained = new Set(Object.keys(EQUIVALENT[name]?.[file] ?? {}));
    for (const [index, mutant] of mutants.entries()) {
      let outcome = await outcomeOf(name, file, mutant);
      if (outcome === 'survived') {
        if (explained.delete(mutant.change)) outcome = 'says the same';
        else tell(`kernels/${file}:${mutant.line} survived: ${mutant.change}`);
      }
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${file}: ${index + 1} of ${mutants.length} `);
    }
    for (const change of explained)
      tell(`kernels/${file}: no such mutant survived, take it from equivalent.ts: ${change}`);
  }
  console.log(`${name}: ${JSON.stringify(counts)}`);
}

function tell(wrong: string): void {
  console.log(wrong);
  process.exitCode = 1;
}

/** Kernels, and files below `kernels/`; all by default. */
const args = process.argv.slice(2);
const kernels = Object.keys(TESTS);
const chosen = kernels.filter((name) => args.includes(name));

mkdirSync(FOLDER, { recursive: true });
for (const name of chosen.length > 0 ? chosen : kernels)
  await run(
    name,
    args.filter((each) => !kernels.includes(each)),
  );
rmSync(FOLDER, { recursive: true });
