import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Gives the tests another kernel than the repository's: the module whose path ends with this, and the file with its text. */
const { MUTANT_MODULE, MUTANT_TEXT } = process.env;

if (MUTANT_MODULE !== undefined && MUTANT_TEXT !== undefined)
  registerHooks({
    load: (url, context, nextLoad) =>
      url.endsWith(MUTANT_MODULE)
        ? { format: 'module-typescript', source: readFileSync(MUTANT_TEXT, 'utf8'), shortCircuit: true }
        : nextLoad(url, context),
  });
