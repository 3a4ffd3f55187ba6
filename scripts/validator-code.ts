import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';
import { AJV_OPTIONS } from '../workloads/core/schema/validate-log-type.ts';

const SCHEMA = new URL('../schemas/log-type.schema.json', import.meta.url);

/**
 * An esbuild plugin that puts the code which ajv generates for schema files in place of the module that would generate it at every
 * start: a third of what a pod's heap holds before it does anything (decision 0015).
 */
export const validatorCode: Plugin = {
  name: 'validator-code',
  setup(build) {
    build.onLoad({ filter: /\/workloads\/core\/schema\/validate-log-type\.ts$/ }, async () => ({
      contents: await generated(),
      loader: 'js',
      resolveDir: import.meta.dirname,
    }));
  },
};

async function generated(): Promise<string> {
  const schema = JSON.parse(await readFile(SCHEMA, 'utf8')) as { $id: string };
  const ajv = new Ajv2020({ ...AJV_OPTIONS, schemas: [schema], code: { source: true, esm: true } });
  return standaloneCode.default(ajv, { validateLogType: schema.$id });
}
