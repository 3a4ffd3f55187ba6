import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { validatorCode } from './validator-code.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Packages with native parts: they stay outside of the bundle, as dependencies of the package and as folders of the image. Of DuckDB's only
 * the binding: to find and read the 150 files of the package around it takes 65 ms of CPU at each start.
 */
export const NATIVE_PACKAGES = ['@duckdb/node-bindings', '@node-rs/crc32'] as const;

/**
 * Writes the bundle: `cli.js`, and chunks that are loaded only when a command or a URL's scheme asks for them (decision 0015).
 * The published package carries it, for Node refuses to strip types inside node_modules; the image runs it.
 * @param outdir Is emptied first.
 * @returns What went into which file, by esbuild's own account.
 */
export async function bundle(outdir: string): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { cli: 'workloads/cli.ts' },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // The SDKs' own ES modules where they have some: a CommonJS module comes whole, with all that nobody calls.
    mainFields: ['module', 'main'],
    external: [...NATIVE_PACKAGES],
    // CommonJS dependencies (ajv, cli-table3, commander) ask for `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    plugins: [validatorCode],
    sourcemap: true,
    legalComments: 'linked',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}

if (import.meta.main) await bundle(join(ROOT, 'dist'));
