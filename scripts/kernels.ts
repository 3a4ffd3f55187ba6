import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** No runtime: a kernel has memory that it lays out itself, and numbers; nothing is allocated and nothing collected. */
const OPTIONS = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--enable', 'simd,bulk-memory'];

/** The names of all kernels. */
export function kernelNames(): string[] {
  return globSync('*.ts', { cwd: join(ROOT, 'kernels') })
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
}

/** Where the module of a kernel is kept: in the repository, so that nobody needs a compiler to run from a clone. */
export function modulePath(name: string): string {
  return join(ROOT, 'workloads/core/kernels', `${name}.wasm.ts`);
}

/**
 * Compiles a kernel. The same source and compiler make the same bytes.
 * @param source Its AssemblyScript, `kernels/<name>.ts` by default.
 * @throws Error with what the compiler says.
 */
export async function compileKernel(
  name: string,
  source = join(ROOT, 'kernels', `${name}.ts`),
): Promise<Buffer> {
  let wasm: Uint8Array | undefined;
  const writeFile = (_file: string, contents: Uint8Array | string): void => {
    wasm = Buffer.from(contents);
  };
  const said: string[] = [];
  const stderr = { write: (text: Uint8Array | string) => void said.push(text.toString()) };
  const argv = [source, '--outFile', `${name}.wasm`, ...OPTIONS];
  const { error } = await asc.main(argv, { writeFile, stderr });
  if (error !== null || wasm === undefined)
    throw new Error(`${source} does not compile:\n${said.join('')}`, { cause: error });
  return Buffer.from(wasm);
}

/** The text of the module that carries a kernel's bytes. */
export function moduleText(name: string, wasm: Buffer): string {
  const constant = `${name.replaceAll('-', '_').toUpperCase()}_WASM`;
  return [
    `// Compiled from kernels/${name}.ts by \`npm run kernels\`; a test compiles it again and compares.`,
    '',
    `/** ${wasm.length} bytes of WebAssembly, in base64. */`,
    `export const ${constant} =`,
    `  '${wasm.toString('base64')}';`,
    '',
  ].join('\n');
}

if (import.meta.main)
  for (const name of kernelNames())
    await writeFile(modulePath(name), moduleText(name, await compileKernel(name)));
