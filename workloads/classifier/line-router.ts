import type { Line } from '../core/lines/line.ts';
import type { RunTaker } from '../core/lines/splitter.ts';
import { MAX_LINE_BYTES, textProblem } from '../core/lines/text-problem.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import type { SchemaSet } from '../core/schema/schema-set.ts';
import type { QuarantineReason } from '../core/set-aside/record.ts';
import { setAsideId, type SetAsideWriter } from '../core/set-aside/writer.ts';
import { FastTypeScanner } from './fast-type-scanner.ts';
import type { StagedType, StagedTypes } from './staged-types.ts';
import { TypeScanner } from './type-scanner.ts';

/** Where a quarantined line came from. */
export type LineOrigin = Pick<ObjectInfo, 'key' | 'etag'>;

interface Refused {
  readonly reason: QuarantineReason;
  readonly found?: string;
}

const LF = 0x0a;

/** What the index says was expected of a type key's value. */
const EXPECTED: Partial<Record<QuarantineReason, string>> = {
  unknown_type: 'a type that has a schema',
  type_not_string: 'a string',
};

/** Decides of each line: blank, staged under its type, or quarantined with a reason. Nothing else can happen to a line. */
export class LineRouter implements RunTaker {
  readonly #scanner: TypeScanner;
  readonly #fast: FastTypeScanner;
  readonly #schemas: SchemaSet;
  readonly #staged: StagedTypes;
  readonly #quarantine: SetAsideWriter;
  /** By their places in the scanner's names; there once a line was staged. */
  readonly #byPlace: (StagedType | undefined)[] = [];
  taken = 0;
  blank = 0;
  quarantined = 0;
  duplicateTypeKeys = 0;
  /** Quarantined lines by reason. */
  readonly reasons: Record<string, number> = {};

  constructor(typeKey: string, schemas: SchemaSet, staged: StagedTypes, quarantine: SetAsideWriter) {
    this.#scanner = new TypeScanner(typeKey, schemas.typeNames);
    this.#fast = new FastTypeScanner(typeKey, schemas.typeNames);
    this.#schemas = schemas;
    this.#staged = staged;
    this.#quarantine = quarantine;
  }

  open(bytes: Buffer, start: number, end: number): number {
    const windowEnd =
      end - start <= this.#fast.windowBytes ? end : lastLineEnd(bytes, start + this.#fast.windowBytes);
    if (windowEnd <= start) return start;
    this.#fast.open(bytes, start, windowEnd);
    return windowEnd;
  }

  /** Stages ordinary lines; the first one that is not ordinary comes back to `route`. */
  take(start: number): number {
    const fast = this.#fast;
    let at = start;
    this.taken = 0;
    for (let runs = fast.take(at); runs > 0; runs = fast.take(at)) {
      for (let run = 0; run < runs; run++) {
        const type = this.#stagedType(fast.placeOf(run));
        const first = fast.startOf(run);
        this.#staged.appendLines(type, fast.gathered, first, first + fast.bytesOf(run), fast.linesOf(run));
      }
      this.taken += fast.lines;
      at = fast.rest;
    }
    return at;
  }

  #stagedType(place: number): StagedType {
    const known = this.#byPlace[place];
    if (known !== undefined) return known;
    const { type, table } = this.#schemas.get(this.#fast.names[place]!)!;
    return (this.#byPlace[place] = this.#staged.of(type, table));
  }

  route(line: Line, origin: LineOrigin): void {
    if (isBlank(line)) {
      this.blank++;
      return;
    }
    const refused = this.#stage(line);
    if (refused === undefined) return;
    const { reason, found = null } = refused;
    this.quarantined++;
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    const { binOffset } = this.#quarantine;
    line.view.eachPiece(0, line.length, (piece) => this.#quarantine.append(piece));
    this.#quarantine.add({
      id: setAsideId(origin.key, origin.etag, line.offset),
      object: origin.key,
      etag: origin.etag,
      line: line.number,
      byteOffset: line.offset,
      length: line.length,
      binOffset,
      type: null,
      reason,
      field: null,
      expected: EXPECTED[reason] ?? null,
      found,
    });
  }

  #stage(line: Line): Refused | undefined {
    if (line.length > MAX_LINE_BYTES) return { reason: 'too_long' };
    if (!line.proven) {
      const reason = textProblem(line.view);
      if (reason !== undefined) return { reason };
    }
    const verdict = this.#scanner.scan(line.view);
    if ('reason' in verdict) return verdict;
    if (verdict.duplicate) this.duplicateTypeKeys++;
    this.#staged.append(this.#staged.of(verdict.type, this.#schemas.get(verdict.type)!.table), line);
    return undefined;
  }
}

/** Past the last 0x0A before `end`. */
function lastLineEnd(bytes: Buffer, end: number): number {
  return bytes.lastIndexOf(LF, end - 1) + 1;
}

function isBlank(line: Line): boolean {
  for (let at = 0; at < line.length; at++) {
    const byte = line.view.at(at);
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
