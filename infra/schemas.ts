import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf, UsageError } from '../workloads/core/errors.ts';
import { loadSchemas, type SchemaSet } from '../workloads/core/schema/schema-set.ts';
import { withoutTypeKey } from '../workloads/core/schema/type-key.ts';
import { Refusal } from './refusal.ts';

/** The log types of `schemas/`, and the files as the pods get them. */
export interface Schemas {
  readonly set: SchemaSet;
  /** Content by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * @param typeKey The key that the log types are told by: a type without it would reject all its rows, hours after the update.
 * @throws Refusal that lists every problem of every file
 */
export async function readSchemas(folder: string, typeKey: string): Promise<Schemas> {
  try {
    const set = await loadSchemas(folder);
    const wrong = withoutTypeKey(set.types, typeKey).map(({ table }) => `${table}.json`);
    if (wrong.length > 0) {
      throw new Refusal(
        `logferry:typeKey: expected a key that every schema has as a STRING field, found "${typeKey}", which ${wrong.join(', ')} ` +
          'lack; add the field, or set typeKey to the one that they have.',
      );
    }
    const files = await Promise.all(
      set.types.map(async ({ table }) => {
        const file = `${folder}/${table}.json`;
        return [basename(file), await readFile(file, 'utf8')] as const;
      }),
    );
    return { set, files: Object.fromEntries(files) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Refusal([messageOf(error), error.advice].filter((part) => part !== undefined).join('\n'));
  }
}
