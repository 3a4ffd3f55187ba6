import { LineSum } from '../equality/multiset.ts';
import { canonical, type Spelling } from '../equality/read-output.ts';
import { Dice } from '../../workloads/sample/dice.ts';
import { makeLine, type LineShape } from './line.ts';
import type { BenchType } from './log-types.ts';

/** Lines that are made once, and how many of which type there are. */
export interface Block {
  /** Whole lines; the objects of an hour repeat one slice each. */
  readonly slices: readonly Buffer[];
  readonly lines: number;
  readonly bytes: number;
  /** Lines that no type takes. */
  readonly broken: number;
  /** The lines of each type. */
  readonly types: ReadonlyMap<string, LineSum>;
}

/** What a block is made from. */
export interface BlockOptions {
  readonly seed: number;
  readonly bytes: number;
  readonly slices: number;
  readonly shape: LineShape;
}

/**
 * Throws lines until there are `bytes` of them, spread evenly over `slices` slices. Same options, same bytes.
 * @param spelling Of the lines that are added up: as they stand, or as JSON.parse and JSON.stringify would have them.
 */
export function makeBlock(
  types: readonly BenchType[],
  { seed, bytes, slices, shape }: BlockOptions,
  spelling: Spelling = 'raw',
): Block {
  const dice = new Dice(seed);
  const pick = picker(types);
  const sums = new Map(types.map(({ name }) => [name, new LineSum()]));
  const made: Buffer[] = [];
  let [lines, size, broken] = [0, 0, 0];
  for (let slice = 0; slice < slices; slice++) {
    const texts: Buffer[] = [];
    for (const end = ((slice + 1) * bytes) / slices; size < end;) {
      const type = pick(dice);
      const { text, classified } = makeLine(dice, type, shape);
      const line = Buffer.from(`${text}\n`);
      texts.push(line);
      lines++;
      size += line.length;
      if (!classified) broken++;
      else sums.get(type.name)!.add(spelling === 'raw' ? line.subarray(0, -1) : canonical(line));
    }
    made.push(Buffer.concat(texts));
  }
  return { slices: made, lines, bytes: size, broken, types: sums };
}

/** Draws types by their weights. */
function picker(types: readonly BenchType[]): (dice: Dice) => BenchType {
  let total = 0;
  const bounds = types.map(({ weight }) => (total += weight));
  return (dice) => {
    const at = dice.float(0, total);
    return types[bounds.findIndex((bound) => at < bound)]!;
  };
}
