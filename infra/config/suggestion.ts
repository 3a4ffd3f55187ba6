import { closest, distance } from 'fastest-levenshtein';

/** ` (did you mean X?)` where one of the known words is near, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const nearest = known.length === 0 ? '' : closest(word, known);
  return nearest !== '' && distance(word, nearest) <= Math.max(2, word.length / 3)
    ? ` (did you mean ${nearest}?)`
    : '';
}
