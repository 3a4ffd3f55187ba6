import { keyTextOf, NO_KEY, type KeyText } from '../../json/bytes/key-text.ts';
import type { Field, LogType } from '../../schema/log-type.ts';
import { derivedNeeds } from '../derived-needs.ts';
import { scalarSkip, type Skip } from './scalar.ts';

/** What values are, as small numbers: on those a switch is fast. STRING stands apart from the other scalars, for it is the commonest. */
export const KIND = { STRING: 0, SCALAR: 1, JSON: 2, RECORD: 3, REPEATED: 4 } as const;

/** What a member is besides its key. */
interface Facts {
  /** Of KIND. */
  readonly kind: number;
  /** Place among all members of the type. */
  readonly index: number;
  readonly nullable?: boolean;
  readonly required?: boolean;
  /** Scalars only. */
  readonly skip?: Skip;
  /** JSON only: its number among the JSON columns. */
  readonly column?: number;
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
  readonly skip: Skip | undefined;
  readonly column: number;
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
    this.skip = facts.skip;
    this.column = facts.column ?? 0;
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
  // unknown_fields has number 0.
  let columns = 0;

  function recordOf(fields: readonly Field[], prefix: string): RecordMembers {
    // Stryker disable next-line ObjectLiteral: its key stands nowhere, so that nothing asks what it is.
    const head = new Member(NO_KEY, { kind: KIND.RECORD, index: 0 });
    const members = fields.map((field) => memberOf(field, `${prefix}${field.name}`));
    return {
      head,
      required: fields.filter(({ mode }) => mode === 'REQUIRED').length,
      byName: new Map(fields.map(({ name }, index) => [name, members[index]!])),
    };
  }

  function memberOf(field: Field, path: string): Member {
    const text = keyTextOf(field.name);
    const index = count++;
    const { mode } = field;
    if (mode === 'REPEATED') {
      // Stryker disable next-line StringLiteral: only that it is not REPEATED counts.
      const element = memberOf({ ...field, mode: 'NULLABLE' }, path);
      return new Member(text, { kind: KIND.REPEATED, index, element });
    }
    const nullable = mode === 'NULLABLE';
    return new Member(text, { index, nullable, required: !nullable, ...valueFacts(field, path) });
  }

  function valueFacts(field: Field, path: string): Pick<Facts, 'kind' | 'skip' | 'column' | 'record'> {
    switch (field.type) {
      case 'RECORD':
        return { kind: KIND.RECORD, record: recordOf(field.fields!, `${path}.`) };
      case 'JSON':
        // Stryker disable next-line UpdateOperator: any number does that no other column has.
        return { kind: KIND.JSON, column: ++columns };
      default: {
        // Stryker disable next-line ConditionalExpression,StringLiteral: only time is saved.
        const kind = field.type === 'STRING' ? KIND.STRING : KIND.SCALAR;
        return { kind, skip: scalarSkip(field.type, field.coerce === true, needs.get(path) ?? {}) };
      }
    }
  }

  const row = recordOf(logType.fields, '');
  return { row, count };
}
