import { keyText, NO_KEY, type KeyText } from '../../json/bytes/key-text.ts';
import type { Field, FieldType, LogType } from '../../schema/log-type.ts';
import { derivedNeeds, type DerivedNeed } from '../derived-needs.ts';
import { integerLimits, type IntegerLimits } from './integer.ts';
import { KeyShapes } from './key-shapes.ts';

/** What values are, as small numbers: on those a switch is fast. */
export const KIND = {
  STRING: 0,
  INTEGER: 1,
  BOOLEAN: 2,
  TIMESTAMP: 3,
  FLOAT: 4,
  NUMERIC: 5,
  DATE: 6,
  DATETIME: 7,
  TIME: 8,
  BYTES: 9,
  JSON: 10,
  RECORD: 11,
  REPEATED: 12,
} as const satisfies Record<FieldType | 'REPEATED', number>;

/** What a member is besides its key. */
interface Facts {
  /** Of KIND. */
  readonly kind: number;
  /** Place among all members of the type. */
  readonly index: number;
  readonly nullable?: boolean;
  readonly required?: boolean;
  readonly coerce?: boolean;
  /** TIMESTAMP: it is converted to another zone. */
  readonly zoned?: boolean;
  /** INTEGER only. */
  readonly limits?: IntegerLimits;
  /** JSON only: what was met in it. */
  readonly shapes?: KeyShapes;
  /** RECORD only. */
  readonly record?: RecordMembers;
  /** REPEATED only: what its elements are. */
  readonly element?: Member;
}

/** A field of a record, compiled. A class, so that the engine knows one form of them. */
export class Member implements KeyText {
  readonly length: number;
  readonly first: number;
  readonly last: number;
  readonly middle: readonly number[];
  readonly kind: number;
  readonly index: number;
  readonly nullable: boolean;
  /** 1 or 0: it is added up. */
  readonly required: number;
  readonly coerce: boolean;
  readonly zoned: boolean;
  readonly limits: IntegerLimits | undefined;
  readonly shapes: KeyShapes | undefined;
  readonly record: RecordMembers | undefined;
  readonly element: Member | undefined;
  /** What came after it in former rows: the latest, and the one before. */
  next: Member = this;
  second: Member = this;

  constructor(key: KeyText, facts: Facts) {
    this.length = key.length;
    this.first = key.first;
    this.last = key.last;
    this.middle = key.middle;
    this.kind = facts.kind;
    this.index = facts.index;
    this.nullable = facts.nullable === true;
    this.required = facts.required === true ? 1 : 0;
    this.coerce = facts.coerce === true;
    this.zoned = facts.zoned === true;
    this.limits = facts.limits;
    this.shapes = facts.shapes;
    this.record = facts.record;
    this.element = facts.element;
  }
}

/** The fields of a RECORD or of the row. */
export interface RecordMembers {
  /** Stands before the first member; is none. */
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

/** Compiles a type's fields. */
export function compileMembers(logType: LogType): Members {
  const needs = derivedNeeds(logType);
  let count = 0;

  function recordOf(fields: readonly Field[], prefix: string): RecordMembers {
    const head = new Member(NO_KEY, { kind: KIND.RECORD, index: 0 });
    const members = fields.map((field) => memberOf(field, `${prefix}${field.name}`));
    [head, ...members].forEach((member, index) => {
      member.next = members[index] ?? head;
      member.second = head;
    });
    return {
      head,
      required: fields.filter(({ mode }) => mode === 'REQUIRED').length,
      byName: new Map(fields.map(({ name }, index) => [name, members[index]!])),
    };
  }

  function memberOf(field: Field, path: string): Member {
    const key = Buffer.from(`"${field.name}":`);
    const text = keyText(key, 0, key.length);
    const index = count++;
    const { type, mode, fields = [] } = field;
    if (mode === 'REPEATED') {
      const element = memberOf({ ...field, mode: 'NULLABLE' }, path);
      return new Member(text, { kind: KIND.REPEATED, index, element });
    }
    return new Member(text, {
      kind: KIND[type],
      index,
      nullable: mode === 'NULLABLE',
      required: mode === 'REQUIRED',
      ...(type === 'RECORD' ? { record: recordOf(fields, `${path}.`) } : {}),
      ...typeFacts(field, needs.get(path) ?? {}),
    });
  }

  const row = recordOf(logType.fields, '');
  return { row, count };
}

function typeFacts({ type, coerce }: Field, { unit, zoned }: DerivedNeed): Partial<Facts> {
  switch (type) {
    case 'INTEGER':
      return { limits: integerLimits(unit) };
    case 'TIMESTAMP':
      return { coerce: coerce === true, zoned: zoned === true };
    case 'JSON':
      return { shapes: new KeyShapes() };
    default:
      return {};
  }
}
