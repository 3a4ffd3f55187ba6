import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { globSync } from 'node:fs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** No runtime: a kernel has memory that it lays out itself, and numbers; nothing is allocated and nothing collected. */
const OPTIONS = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--enable', 'simd,bulk-memory'];

/** The names of all kernels. */
export function kernelNames(): string[] {
  return globSync('*.ts', { cwd: join(ROOT, 'kernels') })
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
}

/** Where the module of a kernel is kept: with the source, so that nobody needs a compiler to run from a clone. */
export function modulePath(name: string): string {
  return join(ROOT, 'workloads/core/kernels', `${name}.wasm.ts`);
}

/**
 * Compiles `kernels/<name>.ts`.
 * @returns The text of the module that carries its bytes. The same source and compiler make the same text.
 * @throws Error with what the compiler says.
 */
export async function compileKernel(name: string): Promise<string> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main([`${name}.ts`, '--outFile', `${name}.wasm`, ...OPTIONS], {
    readFile: async (path, folder) => readFile(join(ROOT, 'kernels', folder, path), 'utf8').catch(() => null),
    writeFile: (_path, content) => void (bytes = content as Uint8Array),
    listFiles: () => [],
  });
  if (error !== null || bytes === undefined)
    throw new Error(`kernels/${name}.ts does not compile:\n${stderr.toString()}`);
  return moduleText(name, bytes);
}

function moduleText(name: string, bytes: Uint8Array): string {
  const constant = `${name.replaceAll('-', '_').toUpperCase()}_WASM`;
  return [
    `// Compiled from kernels/${name}.ts by \`npm run kernels\`; a test compiles it again and compares.`,
    '',
    `/** ${bytes.length} bytes of WebAssembly, in base64. */`,
    `export const ${constant} =`,
    `  '${Buffer.from(bytes).toString('base64')}';`,
    '',
  ].join('\n');
}

if (import.meta.main)
  for (const name of kernelNames()) await writeFile(modulePath(name), await compileKernel(name));
