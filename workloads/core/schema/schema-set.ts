import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, UsageError } from '../errors.ts';
import type { LogType } from './log-type.ts';
import { parseLogType, type SchemaProblem } from './parse.ts';

/** Not log types, though they lie in the same folder. */
const NOT_A_TYPE = /^log-type\.schema\.json$|^\./;

/** All log types of one run, by the value of the type key. */
export class SchemaSet {
  readonly types: readonly LogType[];
  readonly #byType: ReadonlyMap<string, LogType>;

  constructor(types: readonly LogType[]) {
    this.types = [...types].sort((a, b) => (a.table < b.table ? -1 : 1));
    this.#byType = new Map(types.map((logType) => [logType.type, logType]));
  }

  get(type: string): LogType | undefined {
    return this.#byType.get(type);
  }

  /** The values of the type key that are known, sorted: part of an epoch's identity. */
  get typeNames(): readonly string[] {
    return [...this.#byType.keys()].sort();
  }
}

/** What is wrong with the files of a folder, or the set that they make. */
export interface CheckedSchemas {
  readonly set: SchemaSet;
  readonly problems: readonly SchemaProblem[];
  readonly files: readonly string[];
}

/** Reads `<folder>/*.json`. @throws UsageError where the folder cannot be read. */
export async function checkSchemas(folder: string): Promise<CheckedSchemas> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UsageError(
      `Schemas: cannot read the folder ${folder} (${systemCode(error) ?? String(error)})`,
      {
        advice: 'Point --schemas (LOGFERRY_SCHEMAS) at the folder with one <table>.json a log type.',
      },
    );
  });
  const files = names.filter((name) => name.endsWith('.json') && !NOT_A_TYPE.test(name)).sort();
  const problems: SchemaProblem[] = [];
  const types: LogType[] = [];
  for (const name of files) {
    const file = join(folder, name);
    const parsed = parseLogType(file, await readFile(file, 'utf8'));
    if ('problems' in parsed) problems.push(...parsed.problems);
    else {
      problems.push(...twinProblems(file, parsed.logType, types));
      types.push(parsed.logType);
    }
  }
  return { set: new SchemaSet(types), problems, files };
}

/** BigQuery's dataset tells tables apart by case, a laptop's disk may not; and a type must lead to one table only. */
function twinProblems(file: string, logType: LogType, others: readonly LogType[]): SchemaProblem[] {
  return others.flatMap((other) => {
    if (other.type === logType.type) {
      return [
        {
          file,
          path: '$.type',
          expected: `another type than ${other.table}.json has`,
          found: `"${logType.type}"`,
        },
      ];
    }
    if (other.table.toLowerCase() === logType.table.toLowerCase()) {
      return [
        {
          file,
          path: '$',
          expected: `another file name than ${other.table}.json (case does not count)`,
          found: logType.table,
        },
      ];
    }
    return [];
  });
}

/** One line a problem, as people and editors read them. */
export function formatProblem({ file, path, expected, found }: SchemaProblem): string {
  return `${file}: ${path}: expected ${expected}, found ${found}`;
}

/** The folder's schemas, all valid. @throws UsageError that lists every problem of every file. */
export async function loadSchemas(folder: string): Promise<SchemaSet> {
  const { set, problems } = await checkSchemas(folder);
  if (problems.length > 0) {
    throw new UsageError(
      `Schemas: ${problems.length} problem(s) in ${folder}\n${problems.map(formatProblem).join('\n')}`,
      {
        advice: 'Mend the files; "logferry schema check" lists the same problems without a run.',
      },
    );
  }
  if (set.types.length === 0) {
    throw new UsageError(`Schemas: expected at least one <table>.json in ${folder}, found none`, {
      advice: '"logferry schema infer" proposes files from real lines.',
    });
  }
  return set;
}
