import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

// The published package carries this bundle: Node refuses to strip types inside node_modules.
// Packages with native parts stay outside, as dependencies; adapters become chunks that are loaded only when their scheme is used.
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'workloads/cli.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  // The SDKs' own ES modules where they have some: a CommonJS module comes whole, with all that nobody calls.
  mainFields: ['module', 'main'],
  external: ['@duckdb/node-api', '@node-rs/crc32'],
  // CommonJS dependencies (ajv, cli-table3, commander) ask for `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
});
