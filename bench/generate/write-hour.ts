import { closeSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hourPath, parseHour, type FolderHour } from '../../workloads/core/hour.ts';
import type { TypedLines } from '../equality/multiset.ts';
import { makeBlock, type Block } from './block.ts';
import { GzipRepeat } from './gzip-repeat.ts';
import { PLAIN_SHAPE, type LineShape } from './line.ts';
import { benchTypes, schemaFiles, type BenchType } from './log-types.ts';

/** The folder hour of everything that is generated. */
export const HOUR: FolderHour = parseHour('2026-11-20T14');

/** Distinct lines of at least this many bytes are repeated to reach a size: far outside of gzip's window, which is 32 KiB. */
const BLOCK_BYTES = 32e6;

/** How an hour is made. */
export interface HourOptions {
  /** Uncompressed, of all objects; what comes out is no more than a line longer. */
  readonly bytes: number;
  readonly types?: number;
  readonly objects?: number;
  readonly compression?: 'plain' | 'gzip';
  readonly shape?: Partial<LineShape>;
  readonly seed?: number;
  /** Bytes of distinct lines before they are repeated. */
  readonly blockBytes?: number;
}

/** An hour on disk, and what is in it. */
export interface GeneratedHour {
  /** Where the folder of the hour begins, as `--source file:` wants it. */
  readonly source: string;
  readonly files: readonly string[];
  /** The schema files of its types. */
  readonly schemas: string;
  readonly logTypes: readonly BenchType[];
  /** Uncompressed. */
  readonly bytes: number;
  readonly storedBytes: number;
  readonly lines: number;
  readonly broken: number;
  /** What a classification must give, line for line. */
  readonly raw: TypedLines;
  /** The same of lines that were parsed and written again; its bytes are those of what JSON.stringify writes. Made when asked for. */
  readonly canonical: () => TypedLines;
}

/** Writes the hour below `folder`: the same bytes for the same options, on every machine. */
export function writeHour(folder: string, options: HourOptions): GeneratedHour {
  const { bytes, types = 40, objects = 1, compression = 'plain', shape } = options;
  const { seed = 1, blockBytes = BLOCK_BYTES } = options;
  const logTypes = benchTypes(types);
  const times = Math.max(1, Math.floor(bytes / blockBytes));
  const from = { seed, bytes: bytes / times, slices: objects, shape: { ...PLAIN_SHAPE, ...shape } };
  const block = makeBlock(logTypes, from);
  let canonical: TypedLines | undefined;
  const [source, schemas] = [join(folder, 'source'), join(folder, 'schemas')];
  const hourFolder = join(source, hourPath(HOUR));
  mkdirSync(hourFolder, { recursive: true });
  mkdirSync(schemas, { recursive: true });
  for (const [file, text] of Object.entries(schemaFiles(logTypes))) writeFileSync(join(schemas, file), text);
  const files = block.slices.map((slice, index) => {
    const name = `part-${String(index).padStart(4, '0')}.json${compression === 'gzip' ? '.gz' : ''}`;
    const file = join(hourFolder, name);
    writeRepeated(file, slice, times, compression);
    return file;
  });
  return {
    source,
    files,
    schemas,
    logTypes,
    bytes: block.bytes * times,
    storedBytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    lines: block.lines * times,
    broken: block.broken * times,
    raw: typedLines(block, times),
    canonical: () => (canonical ??= typedLines(makeBlock(logTypes, from, 'canonical'), times)),
  };
}

function writeRepeated(file: string, slice: Buffer, times: number, compression: 'plain' | 'gzip'): void {
  const fd = openSync(file, 'w');
  try {
    const pieces = compression === 'gzip' ? new GzipRepeat(slice).pieces(times) : repeated(slice, times);
    for (const piece of pieces) for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at);
  } finally {
    closeSync(fd);
  }
}

function* repeated(slice: Buffer, times: number): Generator<Buffer> {
  for (let time = 0; time < times; time++) yield slice;
}

function typedLines({ types }: Block, times: number): TypedLines {
  return new Map(
    [...types].map(([name, sum]) => [name, sum.times(times)] as const).filter(([, { lines }]) => lines > 0),
  );
}
