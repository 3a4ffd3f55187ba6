import { hash } from 'node:crypto';

/** Unsigned 32-bit words of a SHA-256. */
const LANES = 8;

/** A multiset of lines as far as it is compared: whatever their order, a lost, doubled or changed line makes another one. */
export interface Lines {
  readonly lines: number;
  /** Of the lines, their newlines included. */
  readonly bytes: number;
  /** Sum of the lines' SHA-256, each of its eight words for itself (modulo 2^32), as hexadecimal digits. */
  readonly digest: string;
}

/** Adds up lines in bounded memory. A sum, not an exclusive or: there a line that comes twice would vanish. */
export class LineSum {
  #lines = 0;
  #bytes = 0;
  readonly #lanes = new Uint32Array(LANES);

  /** @param line Without its newline. */
  add(line: Uint8Array | string): void {
    this.#lines++;
    this.#bytes += (typeof line === 'string' ? Buffer.byteLength(line) : line.length) + 1;
    const digest = hash('sha256', line, 'buffer');
    for (let lane = 0; lane < LANES; lane++) this.#lanes[lane]! += digest.readUInt32LE(lane * 4);
  }

  /** As if all that was added had been added `times` times. */
  times(times: number): Lines {
    return {
      lines: this.#lines * times,
      bytes: this.#bytes * times,
      digest: digits(this.#lanes.map((lane) => Math.imul(lane, times))),
    };
  }

  get sum(): Lines {
    return this.times(1);
  }
}

/** Lines by their log type. */
export type TypedLines = ReadonlyMap<string, Lines>;

/** The lines of all types together. */
export function total(types: TypedLines): Lines {
  const lanes = new Uint32Array(LANES);
  let [lines, bytes] = [0, 0];
  for (const each of types.values()) {
    lines += each.lines;
    bytes += each.bytes;
    for (let lane = 0; lane < LANES; lane++)
      lanes[lane]! += parseInt(each.digest.slice(lane * 8, lane * 8 + 8), 16);
  }
  return { lines, bytes, digest: digits(lanes) };
}

const digits = (lanes: Uint32Array): string =>
  Array.from(lanes, (lane) => lane.toString(16).padStart(8, '0')).join('');

const NOTHING: Lines = { lines: 0, bytes: 0, digest: '0'.repeat(LANES * 8) };

/** What differs, a sentence a type: name, expected and found counts. Empty: the same lines, each as often, under the same types. */
export function differences(expected: TypedLines, found: TypedLines): string[] {
  const types = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return types.flatMap((type) => {
    const [want, have] = [expected.get(type) ?? NOTHING, found.get(type) ?? NOTHING];
    if (want.lines !== have.lines || want.bytes !== have.bytes)
      return [`${type}: expected ${counts(want)}, found ${counts(have)}`];
    return want.digest === have.digest ? [] : [`${type}: ${counts(want)}, as expected, but other lines`];
  });
}

const counts = ({ lines, bytes }: Lines): string => `${lines} lines of ${bytes} bytes`;
