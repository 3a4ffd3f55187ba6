import type { ByteView } from '../../core/bytes/byte-view.ts';
import {
  kindAt,
  scanArray,
  scanLiteral,
  scanNumber,
  scanObject,
  scanString,
  skipSpace,
  stringText,
} from '../../core/json/scan.ts';
import type { StringFacts, NumberFacts } from '../../core/json/scan.ts';
import type { Field } from '../../core/schema/log-type.ts';
import { writeBlobText } from './blob-text.ts';
import type { ByteSink } from './byte-sink.ts';

/**
 * Writes an accepted row again as one JSON object whose every leaf is a string holding the value's own text. DuckDB's JSON reader
 * turns 1.10 into 1.1 and 20 digits into a double; of strings it keeps every character, and a cast of the text is exact.
 * Strings pass through with their escapes; JSON columns become the text of their slice; missing arrays become empty ones, which
 * is what BigQuery stores.
 */
export class RowText {
  readonly #row: Write;

  constructor(fields: readonly Field[]) {
    this.#row = record(fields);
  }

  write(view: ByteView, sink: ByteSink): void {
    this.#row(view, skipSpace(view, 0), sink);
    sink.byte(0x0a);
  }
}

/** Writes the value at a position. */
type Write = (view: ByteView, at: number, sink: ByteSink) => void;

const QUOTE = 0x22;
const NULL = Buffer.from('null');
const EMPTY_ARRAY = Buffer.from('[]');

function record(fields: readonly Field[]): Write {
  const members = fields.map((field) => ({
    label: Buffer.from(`${JSON.stringify(field.name)}:`),
    write: value(field),
    absent: field.mode === 'REPEATED' ? EMPTY_ARRAY : NULL,
  }));
  const index = new Map(fields.map(({ name }, at) => [name, at]));
  return (view, at, sink) => {
    const places = new Array<number>(members.length).fill(-1);
    scanObject(view, at, newString(), (keyStart, keyEnd, escaped, valueAt) => {
      const member =
        keyEnd - keyStart > 1024 ? undefined : index.get(stringText(view, keyStart, keyEnd, escaped));
      if (member !== undefined) places[member] = valueAt;
      return endOf(view, valueAt);
    });
    sink.byte(0x7b);
    members.forEach(({ label, write, absent }, member) => {
      if (member > 0) sink.byte(0x2c);
      sink.bytes(label);
      const place = places[member]!;
      if (place < 0) sink.bytes(absent);
      else write(view, place, sink);
    });
    sink.byte(0x7d);
  };
}

function value(field: Field): Write {
  const one = field.type === 'RECORD' ? record(field.fields ?? []) : leaf(field);
  if (field.mode === 'REPEATED') {
    return (view, at, sink) => {
      sink.byte(0x5b);
      scanArray(view, at, (valueAt, position) => {
        if (position > 0) sink.byte(0x2c);
        one(view, valueAt, sink);
        return endOf(view, valueAt);
      });
      sink.byte(0x5d);
    };
  }
  return (view, at, sink) => {
    if (kindAt(view, at) === 'null') sink.bytes(NULL);
    else one(view, at, sink);
  };
}

function leaf(field: Field): Write {
  if (field.type === 'JSON') return writeJsonText;
  if (field.type === 'BYTES') return (view, at, sink) => writeBlobText(view, at, endOf(view, at), sink);
  return (view, at, sink) => {
    const end = endOf(view, at);
    if (view.at(at) === QUOTE) {
      view.eachPiece(at, end, (piece) => sink.bytes(piece));
      return;
    }
    sink.byte(QUOTE);
    view.eachPiece(at, end, (piece) => sink.bytes(piece));
    sink.byte(QUOTE);
  };
}

const ESCAPES: Readonly<Record<number, Buffer>> = {
  0x22: Buffer.from('\\"'),
  0x5c: Buffer.from('\\\\'),
  0x09: Buffer.from('\\t'),
  0x0d: Buffer.from('\\r'),
};

/** A slice of JSON as the content of a JSON string. */
const writeJsonText: Write = (view, at, sink) => {
  const end = endOf(view, at);
  sink.byte(QUOTE);
  let from = at;
  for (let position = at; position < end; position++) {
    const escape = ESCAPES[view.at(position)];
    if (escape === undefined) continue;
    if (position > from) view.eachPiece(from, position, (piece) => sink.bytes(piece));
    sink.bytes(escape);
    from = position + 1;
  }
  if (end > from) view.eachPiece(from, end, (piece) => sink.bytes(piece));
  sink.byte(QUOTE);
};

/** The end of any value; the row was checked, so nothing about it is judged again. */
function endOf(view: ByteView, at: number): number {
  switch (kindAt(view, at)) {
    case 'string':
      return scanString(view, at, STRING).end;
    case 'number':
      return scanNumber(view, at, NUMBER).end;
    case 'object':
      return scanObject(view, at, newString(), (_start, _end, _escaped, valueAt) => endOf(view, valueAt));
    case 'array':
      return scanArray(view, at, (valueAt) => endOf(view, valueAt));
    default:
      return scanLiteral(view, at);
  }
}

const STRING: StringFacts = newString();
const NUMBER: NumberFacts = { end: 0, integer: false };

function newString(): StringFacts {
  return { end: 0, escaped: false, loneSurrogate: false };
}
