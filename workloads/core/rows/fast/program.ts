import { VECTOR_BYTES, type Kernel } from '../../kernels/kernel.ts';
import { NameTable } from '../../kernels/name-table.ts';
import type { Field, LogType } from '../../schema/log-type.ts';
import { derivedNeeds, type DerivedNeeds } from '../derived-needs.ts';
import { Image } from './image.ts';
import { integerLimits } from './integer-limits.ts';

/** A bit that no byte of a key has: those of the first vector's bytes are below. */
const NO_KEY_BITS = 1 << VECTOR_BYTES;

/** The kernel's word for none. */
const NO_MEMBER = 0;

/** A type as `kernels/row-check.ts` reads it. */
export interface Program {
  /** What the kernel's memory holds from its address PROGRAM on; what it learned of rows is written back. */
  readonly image: Uint8Array;
  /** Where the row's record stands. */
  readonly row: number;
}

/** Lays a type's fields out for the kernel. @param kernel Whose layout it is (`kernels/row-check/memory.ts`). */
export function compileProgram(logType: LogType, kernel: Pick<Kernel<string>, 'constant'>): Program {
  const writer = new ProgramWriter(derivedNeeds(logType), (name) => kernel.constant(name));
  const row = writer.record(logType.fields, '');
  if (logType.unknownFields === 'keep') writer.keepUnknown(row);
  return { image: writer.image(), row };
}

class ProgramWriter {
  readonly #needs: DerivedNeeds;
  readonly #constant: (name: string) => number;
  readonly #image: Image;
  /** `unknown_fields` has number 0. */
  #columns = 0;

  constructor(needs: DerivedNeeds, constant: (name: string) => number) {
    this.#needs = needs;
    this.#constant = constant;
    this.#image = new Image(constant('PROGRAM'));
  }

  image(): Uint8Array {
    return this.#image.finished();
  }

  /** @param prefix Of its fields' dotted paths. @returns Its address. */
  record(fields: readonly Field[], prefix: string): number {
    const [memberBytes, at] = [
      this.#constant('MEMBER_BYTES'),
      this.#image.take(this.#constant('RECORD_BYTES')),
    ];
    const members = this.#image.take(fields.length * memberBytes);
    const table = new NameTable(fields.map(({ name }) => name));
    const slots = this.#image.take(table.size);
    table.write(this.#image.memory, slots);
    this.#put32(at, 'KEY_BITS', NO_KEY_BITS);
    this.#put32(at, 'MEMBERS', members);
    this.#put32(at, 'REQUIRED_COUNT', fields.filter(({ mode }) => mode === 'REQUIRED').length);
    this.#put32(at, 'SLOTS', slots);
    this.#put32(at, 'SLOT_MASK', table.slots - 1);
    // Until rows show another order: that of the schema, and behind the last one the first.
    const member = (index: number): number => members + (index % fields.length) * memberBytes;
    // Stryker disable next-line ConditionalExpression: what lies behind such a record is the row itself, and no member.
    this.#follow(at, fields.length === 0 ? NO_MEMBER : members);
    fields.forEach((field, index) => {
      this.#follow(member(index), member(index + 1));
      this.#field(member(index), field, `${prefix}${field.name}`);
    });
    return at;
  }

  keepUnknown(record: number): void {
    this.#put32(record, 'KEEPS', 1);
  }

  #follow(member: number, next: number): void {
    this.#put32(member, 'NEXT', next);
    this.#put32(member, 'SECOND', next);
  }

  #field(at: number, field: Field, path: string): void {
    this.#key(at, Buffer.from(`"${field.name}":`));
    this.#put8(at, 'REQUIRED', Number(field.mode === 'REQUIRED'));
    this.#put8(at, 'NULLABLE', Number(field.mode === 'NULLABLE'));
    if (field.mode !== 'REPEATED') {
      this.#value(at, field, path);
      return;
    }
    const element = this.#image.take(this.#constant('MEMBER_BYTES'));
    this.#put8(at, 'KIND', this.#constant('REPEATED'));
    this.#put32(at, 'OF', element);
    this.#value(element, field, path);
  }

  #key(at: number, key: Buffer): void {
    const copy = this.#image.take(key.length);
    const memory = new Uint8Array(this.#image.memory);
    memory.set(key, copy);
    memory.set(key.subarray(0, VECTOR_BYTES), at + this.#constant('KEY'));
    this.#put32(at, 'KEY_AT', copy);
    this.#put32(at, 'KEY_BYTES', key.length);
    // Stryker disable next-line ArithmeticOperator: a key that is not known at once is found by its name.
    this.#put32(at, 'KEY_BITS', (1 << Math.min(key.length, VECTOR_BYTES)) - 1);
  }

  /** What the values of a field are, or the elements of a REPEATED one. */
  #value(at: number, field: Field, path: string): void {
    const { unit, zoned } = this.#needs.get(path) ?? {};
    this.#put8(at, 'KIND', this.#constant(field.type));
    switch (field.type) {
      case 'RECORD':
        this.#put32(at, 'OF', this.record(field.fields!, `${path}.`));
        break;
      case 'JSON':
        // Stryker disable next-line UpdateOperator: any number does that no other column has.
        this.#put32(at, 'OF', ++this.#columns);
        break;
      case 'INTEGER': {
        const limits = integerLimits(unit);
        this.#put16(at, 'LIMIT', limits.bare);
        this.#put16(at, 'NEGATIVE_LIMIT', limits.bareNegative);
        this.#put16(at, 'QUOTED_LIMIT', limits.quoted);
        this.#put16(at, 'QUOTED_NEGATIVE_LIMIT', limits.quotedNegative);
        break;
      }
      case 'TIMESTAMP':
        this.#put8(at, 'INNER_ONLY', Number(zoned === true));
        this.#put8(at, 'ZONELESS', Number(field.coerce === true));
        break;
      default:
    }
  }

  #put8(at: number, name: string, value: number): void {
    this.#image.view.setUint8(at + this.#constant(name), value);
  }

  #put16(at: number, name: string, value: number): void {
    this.#image.view.setUint16(at + this.#constant(name), value, true);
  }

  #put32(at: number, name: string, value: number): void {
    this.#image.view.setUint32(at + this.#constant(name), value, true);
  }
}
