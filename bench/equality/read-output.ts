import { createReadStream, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LineSum, type TypedLines } from './multiset.ts';

const NEWLINE = 0x0a;

/** How a tool names its files: the type of a path relative to its folder, or undefined for what is no output. */
export type TypeOfPath = (path: string) => string | undefined;

/** Below staging a folder a table; what begins with an underscore is records. */
export const stagedType: TypeOfPath = (path) => (path.startsWith('_') ? undefined : path.split(sep)[0]);

/** DuckDB's partitions: `log_type=<type>/data_0.csv`. */
export const partitionType: TypeOfPath = (path) => {
  const [, type] = /^log_type=([^/]+)\//.exec(path) ?? [];
  return type === undefined ? undefined : decodeURIComponent(type);
};

/** `<type>.ndjson`, or with `.gz` behind it. */
export const fileType: TypeOfPath = (path) => /^([^/]+)\.ndjson(?:\.gz)?$/.exec(path)?.[1];

/** How two sides spell the same line. */
export type Spelling = 'raw' | 'canonical';

/** The lines of all files below a folder, by type; streamed, so that no more than a line and a chunk is held. */
export async function readTypedLines(
  folder: string,
  typeOf: TypeOfPath,
  spelling: Spelling = 'raw',
): Promise<TypedLines> {
  const sums = new Map<string, LineSum>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const type = typeOf(path);
    if (type === undefined || !/\.(csv|ndjson|json)(\.gz)?$/.test(path)) continue;
    const sum = sums.get(type) ?? new LineSum();
    sums.set(type, sum);
    await eachLine(openFile(join(folder, path)), (line) =>
      sum.add(spelling === 'raw' ? line : canonical(line)),
    );
  }
  return new Map([...sums].map(([type, sum]) => [type, sum.sum]));
}

/** A line as a tool that parses and writes it again would spell it, whatever it does to spaces and escapes. */
export const canonical = (line: Uint8Array): string =>
  JSON.stringify(JSON.parse(Buffer.from(line).toString()));

function openFile(file: string): Readable {
  const stream = createReadStream(file, { highWaterMark: 2 ** 18 });
  return file.endsWith('.gz') ? stream.pipe(createGunzip({ chunkSize: 2 ** 18 })) : stream;
}

/** Hands over each line without its newline; also a last one that lacks it. */
export async function eachLine(stream: Readable, take: (line: Uint8Array) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      take(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) take(rest);
}
