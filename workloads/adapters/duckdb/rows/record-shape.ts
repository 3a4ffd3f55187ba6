import { keyTextOf, type KeyText } from '../../../core/json/bytes/key-text.ts';
import type { FieldType } from '../../../core/schema/log-type.ts';
import type { Column } from '../parquet/column.ts';
import type { FieldColumns } from '../parquet/schema.ts';

/** A member of an object that rows have, and where its values go. */
export interface Member {
  readonly key: KeyText;
  readonly type: FieldType;
  readonly isList: boolean;
  readonly definition: number;
  readonly repetition: number;
  /** Of a RECORD. */
  readonly shape: RecordShape | undefined;
  /** Of a scalar; of a RECORD the first leaf. */
  readonly column: Column;
  /** All leaves. */
  readonly columns: readonly Column[];
}

/** What an object's members may be. */
export class RecordShape {
  readonly members: readonly Member[];
  /** A member's generation tells whether it was seen in this object; counting up saves clearing the table for each one. */
  readonly seen: Uint32Array;
  generation = 0;
  /** Which member came after each one; the first stands at 0. Most logs write keys in one order. */
  readonly following: Int32Array;
  /** Which was looked up there before that one: some logs have two orders. */
  readonly second: Int32Array;
  readonly #byName: ReadonlyMap<string, number>;

  constructor(fields: readonly FieldColumns[]) {
    this.members = fields.map(({ field, definition, repetition, members, columns }) => ({
      key: keyTextOf(field.name),
      type: field.type,
      isList: field.mode === 'REPEATED',
      definition,
      repetition,
      shape: field.type === 'RECORD' ? new RecordShape(members) : undefined,
      column: columns[0]!,
      columns,
    }));
    this.seen = new Uint32Array(fields.length);
    this.following = Int32Array.from({ length: fields.length + 1 }, (_, index) => index % fields.length);
    this.second = this.following.slice();
    this.#byName = new Map(fields.map(({ field }, index) => [field.name, index]));
  }

  /** Begins the next object. */
  begin(): number {
    if (this.generation === 0xffff_ffff) {
      this.seen.fill(0);
      this.generation = 0;
    }
    return ++this.generation;
  }

  /** The member of a key, or -1. */
  find(name: string): number {
    return this.#byName.get(name) ?? -1;
  }
}
