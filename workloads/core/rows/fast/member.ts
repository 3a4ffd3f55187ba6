import type { Field, FieldType } from '../../schema/log-type.ts';
import type { DerivedNeeds } from '../records.ts';
import { integerLimits, type IntegerLimits } from './integer.ts';

/** A field of a record, compiled. */
export interface Member {
  readonly type: FieldType;
  readonly repeated: boolean;
  readonly nullable: boolean;
  /** 1 for REQUIRED ones. */
  readonly required: number;
  /** Place among all members of the type. */
  readonly index: number;
  /** Where the key stands in the text of all keys: with its quotes and its colon. */
  readonly keyAt: number;
  readonly keyLength: number;
  readonly limits: IntegerLimits;
  /** TIMESTAMP: it is converted to another zone. */
  readonly zoned: boolean;
  readonly coerce: boolean;
  /** RECORD only. */
  readonly record: RecordMembers | undefined;
  /** What came after it in former rows: the latest, and the one before. */
  next: Member | undefined;
  second: Member | undefined;
}

/** The fields of a RECORD or of the row. */
export interface RecordMembers {
  /** Stands before the first member; no field. */
  readonly head: Member;
  /** How many are REQUIRED. */
  readonly required: number;
  /** By the length of their keys. */
  readonly byLength: readonly (readonly Member[] | undefined)[];
}

/** All members of a type. */
export interface Members {
  readonly row: RecordMembers;
  readonly count: number;
  /** The text of all keys. */
  readonly keys: Buffer;
}

/** Compiles a type's fields. */
export function compileMembers(fields: readonly Field[], needs: DerivedNeeds): Members {
  const compiler = new Compiler(needs);
  const row = compiler.record(fields, '');
  return { row, count: compiler.count, keys: Buffer.from(compiler.keys) };
}

const NO_FIELD: Field = { name: '', type: 'STRING', mode: 'NULLABLE' };

class Compiler {
  count = 0;
  keys = '';
  readonly #needs: DerivedNeeds;

  constructor(needs: DerivedNeeds) {
    this.#needs = needs;
  }

  record(fields: readonly Field[], path: string): RecordMembers {
    const members = fields.map((field) =>
      this.#member(field, path === '' ? field.name : `${path}.${field.name}`),
    );
    members.forEach((member, index) => (member.next = members[index + 1]));
    const head = this.#member(NO_FIELD, '');
    head.next = members[0];
    const byLength: Member[][] = [];
    for (const member of members) (byLength[member.keyLength] ??= []).push(member);
    return { head, required: fields.filter(({ mode }) => mode === 'REQUIRED').length, byLength };
  }

  #member(field: Field, path: string): Member {
    const key = `"${field.name}":`;
    const keyAt = this.keys.length;
    this.keys += key;
    const need = this.#needs.get(path) ?? {};
    return {
      type: field.type,
      repeated: field.mode === 'REPEATED',
      nullable: field.mode === 'NULLABLE',
      required: field.mode === 'REQUIRED' ? 1 : 0,
      index: this.count++,
      keyAt,
      keyLength: key.length,
      limits: integerLimits(need.unit),
      zoned: need.zoned === true,
      coerce: field.coerce === true,
      record: field.type === 'RECORD' ? this.record(field.fields ?? [], path) : undefined,
      next: undefined,
      second: undefined,
    };
  }
}
