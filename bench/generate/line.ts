import type { Dice } from '../../workloads/sample/dice.ts';
import { TYPE_KEY, type BenchType } from './log-types.ts';
import { context, moment, text, VALUES } from './values.ts';

/** How lines are made; shares are of all lines. */
export interface LineShape {
  /** Half of the lines are shorter, in bytes. Sizes are log-normal, as those of real logs are. */
  readonly medianBytes: number;
  /** Spread: standard deviation of the logarithm. */
  readonly sigma: number;
  /** Lines that say their type twice, the same both times: classified by the last, and no row for the load (a misfit). */
  readonly doubled: number;
  /** Lines that say another type first and theirs last: peers that take the first one sort them wrongly. */
  readonly contradicting: number;
  /** Rows that do not fit their schema: `ts` is no number. */
  readonly misfits: number;
  /** Lines that are cut off in the middle. */
  readonly broken: number;
}

/** What every peer can carry: lines of 200 B to 20 kB whose mean is about 700, all of them rows of their types. */
export const PLAIN_SHAPE: LineShape = {
  medianBytes: 520,
  sigma: 0.75,
  doubled: 0,
  contradicting: 0,
  misfits: 0,
  broken: 0,
};

const SHORTEST_BYTES = 200;
const LONGEST_BYTES = 20_000;
/** Above this a line's rest is an object, not a text. */
const LONG_TEXT_BYTES = 600;
/** Columns that a line has though its size is reached, as nulls and defaults are left out by many producers. */
const PRESENT = 0.93;
/** Lines whose producer writes the type key last, whatever its others do. */
const MOVED = 0.03;
/** Lines that spell the type key or its value with an escape: the same text to JSON, not to a search for bytes. */
const ESCAPED = 0.002;

/** A line without its newline, and whether it is whole. */
export interface GeneratedLine {
  readonly text: string;
  /** False: it names no type that a classifier can take. */
  readonly classified: boolean;
}

/** A line of a type. */
export function makeLine(dice: Dice, type: BenchType, shape: LineShape): GeneratedLine {
  const target = Math.min(LONGEST_BYTES, Math.max(SHORTEST_BYTES, lineBytes(dice, shape)));
  const colon = type.spaced ? ': ' : ':';
  const typeMember = typeMemberOf(dice, type, colon);
  const members = columnMembers(dice, type, target, colon);
  if (dice.chance(MOVED)) members.push(typeMember);
  else members.splice(Math.min(type.typeKeyAt, members.length), 0, typeMember);
  members.push(`"ts"${colon}${dice.chance(shape.misfits) ? '"yesterday"' : moment(dice)}`);
  if (dice.chance(shape.doubled)) members.unshift(`"${TYPE_KEY}"${colon}"${type.name}"`);
  if (dice.chance(shape.contradicting)) members.unshift(`"${TYPE_KEY}"${colon}"decoy"`);
  const used = members.reduce((sum, member) => sum + member.length + 1, 0);
  const left = target - used - '"message":""'.length;
  if (left > LONG_TEXT_BYTES) members.push(`"context"${colon}${context(dice, left)}`);
  else if (left > 0) members.push(`"message"${colon}"${text(dice, left)}"`);
  const line = `{${members.join(type.spaced ? ', ' : ',')}}`;
  if (!dice.chance(shape.broken)) return { text: line, classified: true };
  return { text: line.slice(0, line.length >> 1), classified: false };
}

/** By Box and Muller's transform: two even throws make a normal one. */
function lineBytes(dice: Dice, { medianBytes, sigma }: LineShape): number {
  const radius = Math.sqrt(-2 * Math.log(1 - dice.float(0, 1)));
  return Math.round(medianBytes * Math.exp(sigma * radius * Math.cos(2 * Math.PI * dice.float(0, 1))));
}

function columnMembers(dice: Dice, type: BenchType, target: number, colon: string): string[] {
  const members: string[] = [];
  let bytes = 60;
  for (const [name, kind] of type.columns) {
    if (!dice.chance(PRESENT) || (!type.full && bytes > target)) continue;
    const member = `"${name}"${colon}${VALUES[kind](dice)}`;
    bytes += member.length + 1;
    members.push(member);
  }
  return members;
}

function typeMemberOf(dice: Dice, { name }: BenchType, colon: string): string {
  if (dice.chance(ESCAPED)) return `"log\\u005ftype"${colon}"${name}"`;
  if (dice.chance(ESCAPED))
    return `"${TYPE_KEY}"${colon}"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`;
  return `"${TYPE_KEY}"${colon}"${name}"`;
}
