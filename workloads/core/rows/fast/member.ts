import { keyText, type KeyText } from '../../json/bytes/key-text.ts';
import type { Field, FieldType } from '../../schema/log-type.ts';
import type { DerivedNeeds } from '../records.ts';
import { KeyShapes } from './key-shapes.ts';
import { integerLimits, type IntegerLimits } from './integer.ts';

/** Types as small numbers: those are what switches are fast on. */
export const KIND = {
  STRING: 0,
  INTEGER: 1,
  BOOLEAN: 2,
  TIMESTAMP: 3,
  FLOAT: 4,
  NUMERIC: 5,
  JSON: 6,
  RECORD: 7,
  DATE: 8,
  DATETIME: 9,
  TIME: 10,
  BYTES: 11,
  REPEATED: 12,
} as const satisfies Record<FieldType | 'REPEATED', number>;

/** A field of a record, compiled. */
export interface Member extends KeyText {
  /** Of KIND. */
  readonly kind: number;
  /** REPEATED only: what each element must be. */
  readonly element: Member | undefined;
  readonly nullable: boolean;
  /** 1 for REQUIRED ones. */
  readonly required: number;
  /** Place among all members of the type. */
  readonly index: number;
  readonly limits: IntegerLimits;
  /** TIMESTAMP: it is converted to another zone. */
  readonly zoned: boolean;
  readonly coerce: boolean;
  /** JSON only. */
  readonly shapes: KeyShapes | undefined;
  /** RECORD only. */
  readonly record: RecordMembers | undefined;
  /** What came after it in former rows: the latest, and the one before. */
  next: Member;
  second: Member;
}

/** The fields of a RECORD or of the row. */
export interface RecordMembers {
  /** Stands before the first member. */
  readonly head: Member;
  /** How many are REQUIRED. */
  readonly required: number;
  readonly byName: ReadonlyMap<string, Member>;
}

/** All members of a type. */
export interface Members {
  readonly row: RecordMembers;
  readonly count: number;
}

const NO_FIELD: Field = { name: '', type: 'STRING', mode: 'NULLABLE' };
/** Longer than any memory: no key. */
const NO_LENGTH = 0x3fff_ffff;

/** Compiles a type's fields. */
export function compileMembers(fields: readonly Field[], needs: DerivedNeeds): Members {
  let count = 0;

  function record(fieldsHere: readonly Field[], path: string): RecordMembers {
    const members = fieldsHere.map((field) =>
      member(field, path === '' ? field.name : `${path}.${field.name}`),
    );
    const head = noMember();
    [head, ...members].forEach((each, index) => (each.next = members[index] ?? head));
    const byName = new Map(members.map((each, index) => [fieldsHere[index]!.name, each]));
    return { head, required: members.reduce((sum, { required }) => sum + required, 0), byName };
  }

  function member(field: Field, path: string): Member {
    const key = Buffer.from(`"${field.name}":`);
    const { length, first, last, middle } = keyText(key, 0, key.length);
    const { unit, zoned } = needs.get(path) ?? {};
    const none = noMember();
    return {
      length,
      first,
      last,
      middle,
      kind: field.mode === 'REPEATED' ? KIND.REPEATED : KIND[field.type],
      element: field.mode === 'REPEATED' ? member({ ...field, mode: 'NULLABLE' }, path) : undefined,
      nullable: field.mode === 'NULLABLE',
      required: field.mode === 'REQUIRED' ? 1 : 0,
      index: count++,
      limits: integerLimits(unit),
      zoned: zoned === true,
      coerce: field.coerce === true,
      shapes: field.type === 'JSON' ? new KeyShapes() : undefined,
      record:
        field.type === 'RECORD' && field.mode !== 'REPEATED' ? record(field.fields ?? [], path) : undefined,
      next: none,
      second: none,
    };
  }

  const row = record(fields, '');
  return { row, count };
}

/** Stands where no member does: no key is as long. */
function noMember(): Member {
  const none = {
    length: NO_LENGTH,
    first: 0,
    last: 0,
    middle: [],
    kind: KIND[NO_FIELD.type],
    element: undefined as Member | undefined,
    nullable: false,
    required: 0,
    index: 0,
    limits: integerLimits(undefined),
    zoned: false,
    coerce: false,
    shapes: undefined as KeyShapes | undefined,
    record: undefined as RecordMembers | undefined,
    next: undefined as unknown as Member,
    second: undefined as unknown as Member,
  };
  none.next = none.second = none;
  return none;
}
