import { readFileSync } from 'node:fs';
import { ByteView } from '../../workloads/core/bytes/byte-view.ts';
import { RowCheck } from '../../workloads/core/rows/row-check.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';

// One way of looking at rows, in a process of its own: node row-check-process.ts <rows> <schema> check|parse-strings|parse-buffers
// Prints megabytes a second of its thread's CPU time as JSON. What the garbage collector does in other threads is not counted.

/** Bytes that the reader holds at a time: it hands out lines in place. */
const CHUNK_BYTES = 256 * 1024;
/** Passes over all rows before the clock starts: V8 has compiled what is hot by then. */
const WARM_UP_PASSES = 2;
/** Microseconds of CPU that are measured at least. */
const MEASURED_US = 300_000;
const NEWLINE = 0x0a;

/** Rows by the buffer that they lie in: `[start, end)` pairs, without newlines. */
interface Chunk {
  readonly bytes: Buffer;
  readonly bounds: readonly number[];
}

const [, , rowsFile = '', schemaFile = '', way = ''] = process.argv;
const chunks = readChunks(readFileSync(rowsFile));
const ways: Readonly<Record<string, () => () => void>> = {
  check,
  'parse-strings': parseStrings,
  'parse-buffers': parseBuffers,
};
const pass = ways[way]?.();
if (pass === undefined) throw new Error(`no such way: ${way}`);
const bytesAPass = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
for (let warm = 0; warm < WARM_UP_PASSES; warm++) pass();
let [bytes, used] = [0, 0];
for (const begun = threadCpu(); used < MEASURED_US; used = threadCpu() - begun) {
  pass();
  bytes += bytesAPass;
}
console.log(JSON.stringify({ megabytesPerSecond: bytes / used }));

/** The strict check, as the loader drives it. */
function check(): () => void {
  const parsed = parseLogType(schemaFile, readFileSync(schemaFile, 'utf8'));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const rowCheck = new RowCheck(parsed.logType);
  const view = new ByteView();
  return () => {
    for (const { bytes: chunk, bounds } of chunks) {
      for (let index = 0; index < bounds.length; index += 2) {
        const { misfits } = rowCheck.check(view.inMemory(chunk, bounds[index]!, bounds[index + 1]!));
        if (misfits.length > 0) throw new Error(JSON.stringify(misfits));
      }
    }
  };
}

/** JSON.parse of strings that are there already, and nothing else. */
function parseStrings(): () => void {
  const strings = eachRow((chunk, start, end) => chunk.toString('utf8', start, end));
  return () => {
    for (const text of strings) JSON.parse(text);
  };
}

/** What a program that has bytes must do: make a string, then parse it. */
function parseBuffers(): () => void {
  return () => {
    for (const { bytes: chunk, bounds } of chunks) {
      for (let index = 0; index < bounds.length; index += 2)
        JSON.parse(chunk.toString('utf8', bounds[index], bounds[index + 1]));
    }
  };
}

/** What is made of each row. */
function eachRow<T>(make: (chunk: Buffer, start: number, end: number) => T): T[] {
  return chunks.flatMap(({ bytes: chunk, bounds }) => {
    const made: T[] = [];
    for (let index = 0; index < bounds.length; index += 2)
      made.push(make(chunk, bounds[index]!, bounds[index + 1]!));
    return made;
  });
}

function readChunks(all: Buffer): Chunk[] {
  const made: Chunk[] = [];
  for (let from = 0; from < all.length;) {
    const end =
      from + CHUNK_BYTES >= all.length ? all.length : all.lastIndexOf(NEWLINE, from + CHUNK_BYTES) + 1;
    const chunk = Buffer.from(all.subarray(from, end));
    const bounds: number[] = [];
    for (let start = 0; start < chunk.length; start = bounds.at(-1)! + 1)
      bounds.push(start, chunk.indexOf(NEWLINE, start));
    made.push({ bytes: chunk, bounds });
    from = end;
  }
  return made;
}

function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
