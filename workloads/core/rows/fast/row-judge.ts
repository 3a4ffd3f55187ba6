import type { UnknownMember } from '../misfit.ts';
import { JsonValues } from './json-value.ts';
import { KeptMembers } from './kept-members.ts';

/** Judges the parts of a type's rows that the kernel leaves to its caller: of their keys it remembers more than a kernel has memory for. */
export class RowJudge {
  readonly #json = new JsonValues();
  readonly #kept = new KeptMembers();
  #bytes: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));

  /** Members of the last row, for `unknown_fields`; of a row that was proved. */
  get unknown(): readonly UnknownMember[] {
    return this.#kept.found;
  }

  /** What the next rows lie in. @param words A view of the same memory. */
  lookAt(bytes: Buffer, words: DataView): void {
    this.#bytes = bytes;
    this.#words = words;
    this.#json.lookAt(bytes, words);
  }

  /** @param start Where the next row begins. */
  begin(start: number): void {
    this.#kept.begin(start);
  }

  /** Position past a JSON column's value at `at`, or -1. @param column Its number. */
  skipJson(at: number, column: number): number {
    return this.#json.skip(at, column, 1);
  }

  /** Position past the member at `at`, which is no field's, or -1 where it is not surely one that can be kept. */
  skipKept(at: number): number {
    return this.#kept.skip(this.#bytes, this.#words, this.#json, at);
  }
}
