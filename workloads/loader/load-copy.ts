import type { FolderHour } from '../core/hour.ts';
import type { ByteView } from '../core/bytes/byte-view.ts';
import { scanArray, scanObject, stringText, type StringFacts } from '../core/json/scan.ts';
import { loadCopyKey } from '../core/layout.ts';
import { publish } from '../core/records.ts';
import { checkJson } from '../core/rows/json-value.ts';
import { newCheckState, type UnknownMember } from '../core/rows/misfit.ts';
import { MAX_KEY_BYTES } from '../core/rows/records.ts';
import { UNKNOWN_FIELDS, type Field, type LogType } from '../core/schema/log-type.ts';
import type { Compression } from '../core/compression/block-encoder.ts';
import type { Spool } from '../core/scratch/spool.ts';
import { SpoolPool } from '../core/scratch/spool-pool.ts';
import { readRows, type CheckContext, type CheckedPart } from './check-type.ts';
import type { LoadObject } from './plan-jobs.ts';

const NEWLINE = Buffer.from('\n');

/**
 * The object that a part is loaded from: the part itself where all its rows go in as they are, else a copy below `_load/` of the
 * accepted rows' raw bytes, with unknown members moved into `unknown_fields`. Undefined where no row is accepted.
 */
export async function loadObjectOf(
  context: CheckContext & { readonly compression: Compression },
  hour: FolderHour,
  logType: LogType,
  { object, rejected, extended }: CheckedPart,
): Promise<LoadObject | undefined> {
  const rows = object.rows - rejected;
  if (rows === 0) return undefined;
  if (rejected === 0 && extended === 0) return { key: object.key, rows, size: object.size };
  const { scratch, staging, compression } = context;
  const spool = new SpoolPool(scratch).open('load-copy', compression);
  await readRows(context, hour, logType.type, object, logType, ({ view }, { misfits, unknown }) => {
    if (misfits.length > 0) return;
    if (unknown.length === 0) view.eachPiece(0, view.length, (piece) => spool.append(piece));
    else writeExtended(spool, view, logType.fields, unknown);
    spool.append(NEWLINE);
  });
  const file = await spool.seal();
  const key = loadCopyKey(object.key, logType.version, {
    sha256: file.sha256,
    gzip: compression.kind === 'gzip',
  });
  await publish(staging, key, file);
  scratch.release(file.path, file.size);
  return { key, rows, size: file.size };
}

/** The row without the members that no field lists, and with them as raw slices under `unknown_fields`, by their paths. */
function writeExtended(
  spool: Spool,
  view: ByteView,
  fields: readonly Field[],
  unknown: readonly UnknownMember[],
): void {
  const start = firstByte(view);
  writeKnown(spool, view, start, fields, (empty) => {
    spool.append(Buffer.from(`${empty ? '' : ','}${JSON.stringify(UNKNOWN_FIELDS)}:{`));
    unknown.forEach(({ prefix, keyStart, keyEnd, valueStart, valueEnd }, index) => {
      // The key's own bytes follow the prefix inside one string.
      spool.append(Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(prefix).slice(0, -1)}`));
      view.eachPiece(keyStart + 1, keyEnd, (piece) => spool.append(piece));
      spool.append(Buffer.from(':'));
      view.eachPiece(valueStart, valueEnd, (piece) => spool.append(piece));
    });
    spool.append(Buffer.from('}'));
  });
}

function firstByte(view: ByteView): number {
  let at = 0;
  while (view.at(at) !== 0x7b) at++;
  return at;
}

/** Writes an object's listed members as raw slices; `last` may add more before the closing brace. */
function writeKnown(
  spool: Spool,
  view: ByteView,
  at: number,
  fields: readonly Field[],
  last: (empty: boolean) => void = () => undefined,
): number {
  const key: StringFacts = { end: 0, escaped: false, loneSurrogate: false };
  let empty = true;
  spool.append(Buffer.from('{'));
  const end = scanObject(view, at, key, (keyStart, keyEnd, escaped, valueAt) => {
    const name = keyEnd - keyStart > MAX_KEY_BYTES ? undefined : stringText(view, keyStart, keyEnd, escaped);
    const field = fields.find((listed) => listed.name === name);
    if (field === undefined) return endOf(view, valueAt);
    if (!empty) spool.append(Buffer.from(','));
    empty = false;
    view.eachPiece(keyStart, keyEnd, (piece) => spool.append(piece));
    spool.append(Buffer.from(':'));
    return writeValue(spool, view, valueAt, field);
  });
  last(empty);
  spool.append(Buffer.from('}'));
  return end;
}

function writeValue(spool: Spool, view: ByteView, at: number, field: Field): number {
  const first = view.at(at);
  if (field.type === 'RECORD' && first === 0x7b) return writeKnown(spool, view, at, field.fields ?? []);
  if (field.type === 'RECORD' && first === 0x5b) {
    spool.append(Buffer.from('['));
    const end = scanArray(view, at, (valueAt, index) => {
      if (index > 0) spool.append(Buffer.from(','));
      return writeKnown(spool, view, valueAt, field.fields ?? []);
    });
    spool.append(Buffer.from(']'));
    return end;
  }
  const end = endOf(view, at);
  view.eachPiece(at, end, (piece) => spool.append(piece));
  return end;
}

function endOf(view: ByteView, at: number): number {
  return checkJson(newCheckState(view), at, false);
}
