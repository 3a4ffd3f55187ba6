import type { Dice } from '../../workloads/sample/dice.ts';
import { ODD_WORDS, WORDS, type Kind } from './vocabulary.ts';

/** Milliseconds of the hour that the lines are of: 2026-11-20T14 UTC. */
const HOUR_START_MS = Date.UTC(2026, 10, 20, 14);
const HOUR_MS = 3_600_000;

/** Of all words. */
const ODD = 0.05;

const word = (dice: Dice): string => dice.pick(dice.chance(ODD) ? ODD_WORDS : WORDS);

/** A moment of the hour, in milliseconds since 1970. */
export const moment = (dice: Dice): number => HOUR_START_MS + dice.int(0, HOUR_MS - 1);

const hex = (dice: Dice): string => dice.int(0, 0x7fff_ffff).toString(16).padStart(8, '0');

/** JSON text of a value of each kind: within what BigQuery stores unchanged. */
export const VALUES: Readonly<Record<Kind, (dice: Dice) => string>> = {
  id: (dice) => String(10_000_000 + Math.floor(dice.float(0, 1) ** 2 * 40_000)),
  hex: (dice) => `"${hex(dice)}${hex(dice)}"`,
  word: (dice) => `"${word(dice)}"`,
  phrase: (dice) => `"${text(dice, dice.int(8, 40))}"`,
  version: (dice) => `"${dice.int(1, 4)}.${dice.int(0, 12)}.${dice.int(0, 30)}"`,
  money: (dice) => `${dice.int(0, 90_000)}.${dice.int(0, 9)}0`,
  count: (dice) => String(Math.floor(dice.float(0, 1) ** 4 * 3_000_000)),
  small: (dice) => String(dice.int(0, 9)),
  boolean: (dice) => (dice.chance(0.5) ? 'true' : 'false'),
  timestamp: (dice) => `"${new Date(moment(dice)).toISOString()}"`,
  date: (dice) => `"2026-11-${dice.int(10, 29)}"`,
  float: (dice) => String(dice.int(0, 99_999) / 1_000),
  words: (dice) => `[${dice.times(dice.int(0, 4), () => `"${word(dice)}"`).join(',')}]`,
  origin: (dice) => `{"service":"api-${dice.int(1, 9)}","log_type":"decoy","hops":${dice.int(0, 9)}}`,
  device: (dice) => `{"os":"${dice.pick(['android', 'ios'])}","screen":[1080,${dice.pick([1920, 2400])}]}`,
};

/** Words of about `bytes` bytes in all: the inside of a JSON string. */
export function text(dice: Dice, bytes: number): string {
  let words = word(dice);
  // Length counts UTF-16 units, which is near enough: Korean words come out a little longer.
  while (words.length < bytes) words += ` ${word(dice)}`;
  return words;
}

/** An object of no fixed shape and about `bytes` bytes, in which the type key stands at several depths. */
export function context(dice: Dice, bytes: number): string {
  const items: string[] = [];
  for (let left = bytes - 60; left > 0; left -= items.at(-1)!.length + 1) {
    const note = text(dice, Math.min(left, dice.int(20, 200)));
    items.push(`{"id":"${hex(dice)}","n":${dice.int(0, 9_999)},"note":"${note}","log_type":"decoy"}`);
  }
  return `{"log_type":{"log_type":"decoy"},"items":[${items.join(',')}],"ok":null}`;
}
