import { COLUMNS, type Kind } from './vocabulary.ts';

/** A log type as the generator writes it. */
export interface BenchType {
  /** The type's value in the log, and its table. */
  readonly name: string;
  /** How often it is met; Zipf's law, as types of real logs are. */
  readonly weight: number;
  readonly columns: readonly (readonly [name: string, kind: Kind])[];
  /** Before which column the type key stands: at the front for half of the types, anywhere for the others. */
  readonly typeKeyAt: number;
  /** `, ` and `: ` as Python's json.dumps writes them, or nothing as everybody else does. */
  readonly spaced: boolean;
  /** Writes nearly all of its columns in each line, however long that makes it. */
  readonly full: boolean;
}

/** The key whose value is the log type. */
export const TYPE_KEY = 'log_type';

/** The type whose rows have 30 fields: what a row check is measured with. */
export const WIDE_TYPE = 'wide_event';

/** Every type has these besides its columns: the type key, when it happened, a text, and what has no fixed shape. */
const COMMON_FIELDS = 4;
const FEWEST_COLUMNS = 6;
/** One type in five is written by Python. */
const SPACED_EVERY = 5;

const BIGQUERY: Readonly<Record<Kind, object>> = {
  id: { type: 'INTEGER' },
  hex: { type: 'STRING' },
  word: { type: 'STRING' },
  phrase: { type: 'STRING' },
  version: { type: 'STRING' },
  money: { type: 'NUMERIC' },
  count: { type: 'INTEGER' },
  small: { type: 'INTEGER' },
  boolean: { type: 'BOOLEAN' },
  timestamp: { type: 'TIMESTAMP' },
  date: { type: 'DATE' },
  float: { type: 'FLOAT' },
  words: { type: 'STRING', mode: 'REPEATED' },
  // A type key that is no type key, for it is not at the top level.
  origin: {
    type: 'RECORD',
    fields: [
      { name: 'service', type: 'STRING' },
      { name: TYPE_KEY, type: 'STRING' },
      { name: 'hops', type: 'INTEGER' },
    ],
  },
  device: {
    type: 'RECORD',
    fields: [
      { name: 'os', type: 'STRING' },
      { name: 'screen', type: 'INTEGER', mode: 'REPEATED' },
    ],
  },
};

/** The log types of an hour, the most frequent first; the third is the wide one. */
export function benchTypes(count: number): BenchType[] {
  return Array.from({ length: count }, (_, index) => {
    const full = index === Math.min(2, count - 1);
    const width = full ? COLUMNS.length : FEWEST_COLUMNS + ((index * 7) % (COLUMNS.length - FEWEST_COLUMNS));
    const columns = Array.from(
      { length: width },
      (_unused, place) => COLUMNS[(index * 3 + place) % COLUMNS.length]!,
    );
    return {
      name: full ? WIDE_TYPE : `event_${String(index).padStart(3, '0')}`,
      weight: 1 / (index + 1),
      columns,
      typeKeyAt: index % 2 === 0 ? 0 : (index * 5) % (width + 1),
      spaced: index % SPACED_EVERY === SPACED_EVERY - 1,
      full,
    };
  });
}

/** Fields of a type's row. */
export const fieldsOf = ({ columns }: BenchType): number => columns.length + COMMON_FIELDS;

/** Schema files of the types, by file name; fields stand in the order in which lines have them. */
export function schemaFiles(types: readonly BenchType[]): Record<string, string> {
  return Object.fromEntries(
    types.map(({ name, columns, typeKeyAt }) => {
      const fields: object[] = columns.map(([column, kind]) => ({ name: column, ...BIGQUERY[kind] }));
      fields.splice(typeKeyAt, 0, { name: TYPE_KEY, type: 'STRING', mode: 'REQUIRED' });
      fields.push(
        { name: 'ts', type: 'INTEGER', mode: 'REQUIRED' },
        { name: 'message', type: 'STRING' },
        { name: 'context', type: 'JSON' },
      );
      return [`${name}.json`, `${JSON.stringify({ fields }, undefined, 2)}\n`];
    }),
  );
}
