import { Readable } from 'node:stream';
import { Crc32c } from '../core/bytes/crc32c.ts';
import { DamagedObjectError } from '../core/compression/damage.ts';
import { OURS } from '../core/compression/decode.ts';
import { ConservationError, TerminalError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import type { Line } from '../core/lines/line.ts';
import { readLines } from '../core/lines/read-lines.ts';
import type { ManifestType, StagedObject } from '../core/manifest.ts';
import type { TakenRows } from '../core/ports/warehouse.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { isMissing } from '../core/records.ts';
import { RowCheck, type RowVerdict } from '../core/rows/row-check.ts';
import type { LogType } from '../core/schema/log-type.ts';
import type { Scratch } from '../core/scratch/scratch.ts';
import { ExtendedRow } from './extended-row.ts';
import { setAsideId, type SetAsideWriter } from '../core/set-aside/writer.ts';

/** Bytes of a rejected row that the rejects table shows. */
const HEAD_BYTES = 1024;

/** What the check found in one staged part. */
export interface CheckedPart {
  readonly object: StagedObject;
  readonly rejected: number;
  /** Rows with members for `unknown_fields`. */
  readonly extended: number;
}

/** What the check found in a type's hour. */
export interface CheckedType {
  readonly parts: readonly CheckedPart[];
  readonly staged: number;
  readonly rejected: number;
  /** Rejected rows that are JSON but break the schema: what `onMisfit` is about. */
  readonly misfits: number;
}

export interface CheckContext {
  readonly staging: ObjectStore;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}

/**
 * Checks every staged row of a type; what does not fit goes to `rejects`, whole and with everything that is wrong.
 * @param taken Gets every row that fits, as it is to be loaded.
 */
export async function checkType(
  context: CheckContext,
  hour: FolderHour,
  entry: ManifestType,
  logType: LogType,
  rejects: SetAsideWriter,
  taken?: TakenRows,
): Promise<CheckedType> {
  const parts: CheckedPart[] = [];
  const check = new RowCheck(logType);
  const extendedRow = new ExtendedRow(logType.fields);
  let misfits = 0;
  for (const object of entry.objects) {
    let rejected = 0;
    let extended = 0;
    await readRows(context, hour, entry.type, object, check, (line, { misfits: found, unknown }) => {
      if (found.length > 0) {
        rejected++;
        if (found[0]?.reason !== 'syntax') misfits++;
        reject(rejects, object, logType.type, line, found);
      } else if (unknown.length > 0) {
        extended++;
        taken?.add(extendedRow.of(line.view, unknown));
      } else taken?.add(line.view);
    });
    parts.push({ object, rejected, extended });
  }
  const rejected = parts.reduce((sum, part) => sum + part.rejected, 0);
  return { parts, staged: entry.rows, rejected, misfits };
}

/**
 * Reads a staged part row by row with each one's verdict, and holds its figures against the manifest.
 * @throws TerminalError where staging no longer has it; ConservationError where it holds something else.
 */
export async function readRows(
  { staging, scratch, signal }: CheckContext,
  hour: FolderHour,
  type: string,
  object: StagedObject,
  check: RowCheck,
  row: (line: Line, verdict: RowVerdict) => void,
): Promise<void> {
  const body = await staging.read(object.key).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new TerminalError(
      `${type} ${hour}: staging no longer has ${object.key}: expected ${object.rows} rows`,
      {
        advice:
          'Staging expires. "logferry run HOUR --again" splits the hour anew from the source; what is committed is carried.',
        context: { hour, type, object: object.key },
        cause: error,
      },
    );
  });
  const stored = new StoredBytes(body);
  const { lines, bytes } = await readLines(
    Readable.from(stored, { objectMode: false }),
    OURS,
    scratch,
    (line) => row(line, check.check(line.view)),
    () => checkInterrupt(signal),
  ).catch((error: unknown) => {
    if (error instanceof DamagedObjectError)
      throw changed(hour, type, object, `an object that is ${error.reason} (${error.message})`, error);
    throw error;
  });
  if (lines !== object.rows || bytes !== object.bytes)
    throw changed(hour, type, object, `${lines} rows in ${bytes} bytes`);
  if (stored.crc32c !== object.crc32c) throw changed(hour, type, object, `crc32c ${stored.crc32c}`);
}

/** Passes an object's stored bytes on and sums them up: as many rows and bytes may still be other ones. */
class StoredBytes implements AsyncIterable<Buffer> {
  readonly #body: Readable;
  readonly #crc = new Crc32c();

  constructor(body: Readable) {
    this.#body = body;
  }

  /** Of everything once it was read to its end. */
  get crc32c(): string {
    return this.#crc.digest();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for await (const chunk of this.#body) {
      this.#crc.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  }
}

function changed(
  hour: FolderHour,
  type: string,
  object: StagedObject,
  found: string,
  cause?: unknown,
): ConservationError {
  const { key, rows, bytes, crc32c } = object;
  return new ConservationError(
    `${type} ${hour}: ${key}: expected ${rows} rows in ${bytes} bytes, crc32c ${crc32c}, found ${found}`,
    {
      advice:
        'The staged part was changed from outside. Nothing was committed. "logferry run HOUR --again" splits the hour anew from the source.',
      context: { hour, type, object: key },
      cause,
    },
  );
}

function reject(
  rejects: SetAsideWriter,
  object: StagedObject,
  type: string,
  line: Line,
  misfits: RowVerdict['misfits'],
): void {
  const { view, length, number, offset } = line;
  const { binOffset } = rejects;
  view.eachPiece(0, length, (piece) => rejects.append(piece));
  const first = misfits[0]!;
  rejects.add({
    id: setAsideId(object.key, object.crc32c, offset),
    object: object.key,
    etag: object.crc32c,
    line: number,
    byteOffset: offset,
    length,
    binOffset,
    type,
    reason: first.reason,
    field: first.field,
    expected: first.expected,
    found: first.found,
    misfits: misfits.map(({ reason, field, expected, found, byteOffset }) => ({
      reason,
      field,
      expected,
      found,
      byteOffset: offset + byteOffset,
    })),
    head: view.text(0, Math.min(length, HEAD_BYTES)).replace(/\uFFFD+$/, ''),
  });
}
