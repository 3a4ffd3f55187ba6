import { ByteView } from '../core/bytes/byte-view.ts';
import { scanArray, scanObject, stringText, type StringFacts } from '../core/json/scan.ts';
import { checkJson } from '../core/rows/json-value.ts';
import { newCheckState, type UnknownMember } from '../core/rows/misfit.ts';
import { MAX_KEY_BYTES } from '../core/rows/records.ts';
import { UNKNOWN_FIELDS, type Field } from '../core/schema/log-type.ts';

/** Where a row is written to, piece by piece; a piece is only good during the call. */
export interface Pieces {
  append(bytes: Uint8Array): void;
}

/** Rows with their unknown members in `unknown_fields`, made in memory one after another. */
export class ExtendedRow implements Pieces {
  readonly #fields: readonly Field[];
  readonly #view = new ByteView();
  #bytes = Buffer.alloc(0);
  #length = 0;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  /** @returns The row as `writeExtended` makes it, good until the next call. */
  of(view: ByteView, unknown: readonly UnknownMember[]): ByteView {
    this.#length = 0;
    writeExtended(this, view, this.#fields, unknown);
    return this.#view.inMemory(this.#bytes, 0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
  }
}

/** The row without the members that no field lists, and with them as raw slices under `unknown_fields`, by their paths. */
export function writeExtended(
  out: Pieces,
  view: ByteView,
  fields: readonly Field[],
  unknown: readonly UnknownMember[],
): void {
  const start = firstByte(view);
  writeKnown(out, view, start, fields, (empty) => {
    out.append(Buffer.from(`${empty ? '' : ','}${JSON.stringify(UNKNOWN_FIELDS)}:{`));
    unknown.forEach(({ prefix, keyStart, keyEnd, valueStart, valueEnd }, index) => {
      // The key's own bytes follow the prefix inside one string.
      out.append(Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(prefix).slice(0, -1)}`));
      view.eachPiece(keyStart + 1, keyEnd, (piece) => out.append(piece));
      out.append(Buffer.from(':'));
      view.eachPiece(valueStart, valueEnd, (piece) => out.append(piece));
    });
    out.append(Buffer.from('}'));
  });
}

function firstByte(view: ByteView): number {
  let at = 0;
  while (view.at(at) !== 0x7b) at++;
  return at;
}

/** Writes an object's listed members as raw slices; `last` may add more before the closing brace. */
function writeKnown(
  out: Pieces,
  view: ByteView,
  at: number,
  fields: readonly Field[],
  last: (empty: boolean) => void = () => undefined,
): number {
  const key: StringFacts = { end: 0, escaped: false, loneSurrogate: false };
  let empty = true;
  out.append(Buffer.from('{'));
  const end = scanObject(view, at, key, (keyStart, keyEnd, escaped, valueAt) => {
    const name = keyEnd - keyStart > MAX_KEY_BYTES ? undefined : stringText(view, keyStart, keyEnd, escaped);
    const field = fields.find((listed) => listed.name === name);
    if (field === undefined) return endOf(view, valueAt);
    if (!empty) out.append(Buffer.from(','));
    empty = false;
    view.eachPiece(keyStart, keyEnd, (piece) => out.append(piece));
    out.append(Buffer.from(':'));
    return writeValue(out, view, valueAt, field);
  });
  last(empty);
  out.append(Buffer.from('}'));
  return end;
}

function writeValue(out: Pieces, view: ByteView, at: number, field: Field): number {
  const first = view.at(at);
  if (field.type === 'RECORD' && first === 0x7b) return writeKnown(out, view, at, field.fields ?? []);
  if (field.type === 'RECORD' && first === 0x5b) {
    out.append(Buffer.from('['));
    const end = scanArray(view, at, (valueAt, index) => {
      if (index > 0) out.append(Buffer.from(','));
      return writeKnown(out, view, valueAt, field.fields ?? []);
    });
    out.append(Buffer.from(']'));
    return end;
  }
  const end = endOf(view, at);
  view.eachPiece(at, end, (piece) => out.append(piece));
  return end;
}

function endOf(view: ByteView, at: number): number {
  return checkJson(newCheckState(view), at, false);
}
