import { createWriteStream } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';

/** How an object of the source is written down. Each form is one that a source really has, and a reader must cope with. */
export interface ObjectForm {
  /** File name within the hour's folder. */
  readonly name: string;
  readonly packing: 'plain' | 'gzip' | 'zstd';
  /** Gzip files that were appended to, or joined by `cat`, hold several members. */
  readonly members: number;
  readonly lineEnd: '\n' | '\r\n';
  /** Windows tools put U+FEFF first. */
  readonly bom: boolean;
  /** A writer that was killed leaves no newline behind its last line. */
  readonly finalNewline: boolean;
}

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Lines go to the compressor in pieces of this many bytes: one at a time is ten times slower. */
const CHUNK_BYTES = 65_536;

/**
 * Writes one object line by line, so that an hour may be larger than memory.
 *
 * @param count Number of lines.
 * @param line The next line without its end; called `count` times, in order.
 * @param modified What the file says when it was written: a directory's etags are made from it, and must not differ by run.
 */
export async function writeObject(
  file: string,
  form: ObjectForm,
  count: number,
  line: () => Buffer,
  modified: Date,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  for (let member = 0; member < form.members; member++) {
    const from = Math.floor((count * member) / form.members);
    const to = Math.floor((count * (member + 1)) / form.members);
    const bytes = Readable.from(chunks(form, from, to, count, line), { objectMode: false });
    const target = createWriteStream(file, { flags: member === 0 ? 'w' : 'a' });
    const packer = packerOf(form);
    await (packer === undefined ? pipeline(bytes, target) : pipeline(bytes, packer, target));
  }
  await utimes(file, modified, modified);
}

function packerOf({ packing }: ObjectForm): Duplex | undefined {
  if (packing === 'gzip') return createGzip();
  return packing === 'zstd' ? createZstdCompress() : undefined;
}

/** Lines `from` up to but without `to` of the object's `count`. */
function* chunks(
  form: ObjectForm,
  from: number,
  to: number,
  count: number,
  line: () => Buffer,
): Generator<Buffer> {
  const lineEnd = Buffer.from(form.lineEnd);
  let pieces: Buffer[] = from === 0 && form.bom ? [UTF8_BOM] : [];
  let bytes = 0;
  for (let number = from; number < to; number++) {
    const next = line();
    pieces.push(next);
    if (number < count - 1 || form.finalNewline) pieces.push(lineEnd);
    bytes += next.length;
    if (bytes >= CHUNK_BYTES) {
      yield Buffer.concat(pieces);
      pieces = [];
      bytes = 0;
    }
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}
