import { compareUtf8, sha256 } from '../../core/digest.ts';
import { tableNameProblem } from '../../core/schema/names.ts';

/** Hexadecimal digits of SHA-256 that tell made names apart. */
const MARK_DIGITS = 8;

/**
 * A table for each type: the type itself where it is a legal name. Made names depend on the type alone, so that the same type
 * gets the same table from other hours; only where two collide (case does not count) one of them gets a mark of its type.
 */
export function tableNames(types: Iterable<string>): Map<string, string> {
  const sorted = [...types].sort(compareUtf8);
  const legal = sorted.filter((type) => tableNameProblem(type) === undefined);
  const others = sorted.filter((type) => tableNameProblem(type) !== undefined);
  const taken = new Set<string>();
  const tables = new Map<string, string>();
  for (const type of [...legal, ...others]) {
    let table = legalName(type);
    for (let digits = MARK_DIGITS; taken.has(table.toLowerCase()); digits++)
      table = marked(table, type, digits);
    taken.add(table.toLowerCase());
    tables.set(type, table);
  }
  return tables;
}

function legalName(type: string): string {
  if (tableNameProblem(type) === undefined) return type;
  const plain = type.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
  // Letters of other scripts leave nothing behind: 구매 and 환불 would both be __.
  const lossy = /[^\x20-\x7e]/.test(type) || !/[A-Za-z0-9]/.test(type);
  if (lossy) {
    const rest = plain.replaceAll(/_{2,}/g, '_').replaceAll(/^_|_$/g, '');
    return usable(marked(rest === '' ? 'type' : rest.replace(/^(?=\d)/, '_'), type), type);
  }
  return usable(plain, type);
}

/** Too long, or like the name of a TEMP table: only the mark is left. */
function usable(name: string, type: string): string {
  return tableNameProblem(name) === undefined ? name : marked('type', type);
}

function marked(name: string, type: string, digits = MARK_DIGITS): string {
  return `${name.slice(0, 128 - 1 - digits)}_${sha256(type).slice(0, digits)}`;
}
