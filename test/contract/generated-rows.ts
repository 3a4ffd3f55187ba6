import fc from 'fast-check';
import type { Field, FieldType } from '../../workloads/core/schema/log-type.ts';
import type { StoredRow, Value } from './warehouse-bench.ts';

/** The JSON text of a value in a row, and what must be stored. */
export interface Spelled {
  readonly text: string;
  readonly stored: Value;
}

const spelled = (text: string, stored: Value): Spelled => ({ text, stored });
const SPACE = fc.constantFrom('', '', '', ' ', '\t', ' \r ');
const WORDS = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Every UTF-16 unit as an escape: the same text to whoever reads JSON. */
function escaped(text: string): string {
  return `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
}

function stringText(text: string): fc.Arbitrary<string> {
  return fc.constantFrom(JSON.stringify(text), JSON.stringify(text).replaceAll('/', '\\/'), escaped(text));
}

const integers = fc.oneof(
  fc
    .maxSafeInteger()
    .filter((value) => !Object.is(value, -0))
    .map((value) => spelled(String(value), BigInt(value))),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => spelled(`"${value}"`, value)),
);

const floats = fc.double({ noNaN: true, noDefaultInfinity: true }).chain((value) => {
  const plain = Object.is(value, -0) ? '-0' : String(value);
  const texts = /^-?\d+$/.test(plain) ? [plain, `${plain}.0`, `${plain}E0`] : [plain, value.toExponential()];
  return fc.constantFrom(...texts).map((text) => spelled(text, value));
});

/** Digits with a point that many places from the right. */
function decimal(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${text.slice(text.length - scale)}`}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `-0` is no number that NUMERIC holds. */
const numerics = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()).chain(([scale, quoted]) => {
  const limit = 10n ** (quoted ? 29n + BigInt(scale) : 15n) - 1n;
  return fc.bigInt({ min: -limit, max: limit }).map((digits) => {
    const text = decimal(digits, scale);
    return spelled(quoted ? `"${text}"` : text, trimmed(text));
  });
});

const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => {
  const text = Buffer.from(value).toString('base64');
  return spelled(JSON.stringify(text), text);
});

/** Microseconds since 1970 as `YYYY-MM-DD HH:MM:SS.ffffff`. */
function isoParts(micros: bigint): { day: string; time: string } {
  const seconds = micros >= 0n ? micros / 1_000_000n : -((-micros + 999_999n) / 1_000_000n);
  const iso = new Date(Number(seconds) * 1_000).toISOString();
  return {
    day: iso.slice(0, 10),
    time: `${iso.slice(11, 19)}.${String(micros - seconds * 1_000_000n).padStart(6, '0')}`,
  };
}

const FIRST = BigInt(Date.parse('0001-01-03T00:00:00Z')) * 1_000n;
const LAST = BigInt(Date.parse('9999-12-29T23:59:59Z')) * 1_000n;
const instants = fc.oneof(
  fc.bigInt({ min: FIRST, max: LAST }),
  fc.bigInt({ min: 1_700_000_000_000_000n, max: 1_900_000_000_000_000n }),
);
const short = (time: string): string => time.replace(/\.?0+$/, '').padEnd(8, ':00');

const timestamps = fc
  .tuple(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.constantFrom('T', ' '))
  .map(([micros, offset, gap]) => {
    const utc = isoParts(micros);
    const local = isoParts(micros + BigInt(offset) * 60_000_000n);
    const minutes = Math.abs(offset);
    const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return spelled(
      `"${local.day}${gap}${local.time}${offset === 0 ? 'Z' : zone}"`,
      `${utc.day}T${utc.time}Z`,
    );
  });

const jsonValues = fc.jsonValue({ maxDepth: 3 }).map((value) => spelled(JSON.stringify(value), exact(value)));

function exact(value: unknown): Value {
  if (typeof value === 'number') return /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : value;
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exact(inner)]));
  return value as Value;
}

const SCALARS: Readonly<Record<Exclude<FieldType, 'RECORD'>, fc.Arbitrary<Spelled>>> = {
  STRING: WORDS.chain((text) => stringText(text).map((json) => spelled(json, text))),
  BYTES: bytes,
  INTEGER: integers,
  FLOAT: floats,
  NUMERIC: numerics,
  BOOLEAN: fc.boolean().map((value) => spelled(String(value), value)),
  TIMESTAMP: timestamps,
  DATE: instants.map((micros) => spelled(`"${isoParts(micros).day}"`, isoParts(micros).day)),
  TIME: instants.map((micros) => spelled(`"${short(isoParts(micros).time)}"`, isoParts(micros).time)),
  DATETIME: instants
    .map(isoParts)
    .map(({ day, time }) => spelled(`"${day}T${short(time)}"`, `${day}T${time}`)),
  JSON: jsonValues,
};

/** The value of a field in a row; `undefined` text where the row does not say it. */
function member(field: Field): fc.Arbitrary<{ text: string | undefined; stored: Value }> {
  const one = field.type === 'RECORD' ? record(field.fields ?? []) : SCALARS[field.type];
  if (field.mode === 'REPEATED') {
    const list = fc.array(one, { maxLength: 3 }).map((items) =>
      spelled(
        `[ ${items.map(({ text }) => text).join(' ,')}]`,
        items.map(({ stored }) => stored),
      ),
    );
    return fc.oneof(
      { weight: 1, arbitrary: fc.constant({ text: undefined, stored: [] }) },
      { weight: 4, arbitrary: list },
    );
  }
  const absent = fc.constantFrom({ text: undefined, stored: null }, spelled('null', null));
  return fc.oneof({ weight: 1, arbitrary: absent }, { weight: 4, arbitrary: one });
}

/** An object of the fields in any order, with any white space that JSON allows within a line. */
export function record(fields: readonly Field[]): fc.Arbitrary<Spelled & { readonly stored: StoredRow }> {
  const members = fc.tuple(
    ...fields.map((field) => fc.tuple(fc.constant(field.name), member(field), SPACE, fc.boolean())),
  );
  return members.chain((all) =>
    fc.shuffledSubarray(all, { minLength: all.length }).map((order) => {
      const parts = order.flatMap(([name, { text }, space, odd]) =>
        text === undefined
          ? []
          : [`${space}${odd ? escaped(name) : JSON.stringify(name)}${space}:${space}${text}${space}`],
      );
      return {
        text: `{${parts.join(',')}}`,
        stored: Object.fromEntries(all.map(([name, { stored }]) => [name, stored])),
      };
    }),
  );
}

const names = (count: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== '__proto__'),
    {
      minLength: 1,
      maxLength: count,
      selector: (name) => name.toLowerCase(),
    },
  );

const SCALAR_TYPES = Object.keys(SCALARS) as Exclude<FieldType, 'RECORD'>[];

/** Any field list that a schema file may have. */
export function fieldLists(depth = 0): fc.Arbitrary<Field[]> {
  return names(depth === 0 ? 8 : 4).chain((all) => fc.tuple(...all.map((name) => anyField(name, depth))));
}

function anyField(name: string, depth: number): fc.Arbitrary<Field> {
  const modes = fc.constantFrom('NULLABLE' as const, 'NULLABLE' as const, 'REPEATED' as const);
  const scalar = fc
    .tuple(fc.constantFrom(...SCALAR_TYPES), modes)
    .map(([type, mode]): Field => ({ name, type, mode: type === 'JSON' ? 'NULLABLE' : mode }));
  if (depth === 3) return scalar;
  const nested = fc
    .tuple(modes, fieldLists(depth + 1))
    .map(([mode, fields]): Field => ({ name, type: 'RECORD', mode, fields }));
  return fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: nested });
}
