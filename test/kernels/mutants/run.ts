import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { compileKernel, kernelNames, modulePath, moduleText } from '../../../scripts/kernels.ts';
import { EQUIVALENT } from './equivalent.ts';
import { mutantsOf, type Mutant } from './mutations.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const KERNELS = join(ROOT, 'kernels');
const FOLDER = join(ROOT, 'node_modules/.cache/kernel-mutants');

/** What proves a kernel right, the quickest first. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'row-check': [
    ...['forms', 'members', 'numbers', 'temporal', 'texts', 'kept-members'],
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

/** @returns What is wrong: mutants that no test noticed and nobody explained, and explanations of mutants that there are not. */
async function run(name: string): Promise<string[]> {
  const counts: Partial<Record<Outcome, number>> = {};
  const wrong: string[] = [];
  for (const file of filesOf(`${name}.ts`).filter((each) => only.length === 0 || only.includes(each))) {
    const mutants = mutantsOf(readFileSync(join(KERNELS, file), 'utf8'));
    const explained = new Set(Object.keys(EQUIVALENT[file] ?? {}));
    for (const [index, mutant] of mutants.entries()) {
      let outcome = await outcomeOf(name, file, mutant);
      if (outcome === 'survived') {
        if (explained.delete(mutant.change)) outcome = 'says the same';
        else wrong.push(`kernels/${file}:${mutant.line} survived: ${mutant.change}`);
      }
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${file}: ${index + 1} of ${mutants.length} `);
    }
    for (const change of explained)
      wrong.push(`kernels/${file}: no such mutant survived, take it from equivalent.ts: ${change}`);
  }
  console.log(`${name}: ${JSON.stringify(counts)}`);
  return wrong;
}

/** Files below `kernels/`, all by default. */
const only = process.argv.slice(2);

mkdirSync(FOLDER, { recursive: true });
const wrong: string[] = [];
for (const name of kernelNames()) if (name in TESTS) wrong.push(...(await run(name)));
rmSync(FOLDER, { recursive: true });
for (const line of wrong) console.log(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
