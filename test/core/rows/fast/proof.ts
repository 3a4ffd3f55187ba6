import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { ByteView } from '../../../../workloads/core/bytes/byte-view.ts';
import { FastCheck } from '../../../../workloads/core/rows/fast/fast-check.ts';
import { ThoroughCheck } from '../../../../workloads/core/rows/thorough-check.ts';
import type { LogType } from '../../../../workloads/core/schema/log-type.ts';
import { referenceMisfits } from '../../../support/reference-check.ts';

/** What both checks say about a row. */
export interface Opinion {
  /** The fast check proved that nothing is wrong with it. */
  readonly proved: boolean;
  /** The thorough check finds no misfit. */
  readonly clean: boolean;
}

/** Both checks of a type, asked about the same rows. */
export class Checks {
  readonly #logType: LogType;
  readonly #fast: FastCheck;
  readonly #thorough: ThoroughCheck;
  /** The same type, which keeps what it does not know. */
  readonly #keeping: FastCheck;
  /** The same, with a comma in place of the field `x`. */
  readonly #comma: FastCheck;

  constructor(logType: LogType) {
    this.#logType = logType;
    const keeping: LogType = { ...logType, unknownFields: 'keep' };
    this.#keeping = new FastCheck(keeping);
    const fields = logType.fields.map((field) => (field.name === 'x' ? { ...field, name: ',' } : field));
    this.#comma = new FastCheck({ ...keeping, fields });
    this.#fast = new FastCheck(logType);
    this.#thorough = new ThoroughCheck(logType);
  }

  /** Whether the fast check proves a row that lies between other bytes; what they are must not matter. */
  proves(row: string | Buffer, before = '{"x":', behind = '}"]1'): boolean {
    const bytes = Buffer.concat([before, row, behind].map((part) => Buffer.from(part)));
    const start = Buffer.byteLength(before);
    return this.#fast.proves(bytes, start, bytes.length - Buffer.byteLength(behind));
  }

  /**
   * Asserts that no row is proved which is none but would be one if it were read anew from position 1, once a function has said 1 where
   * it should say -1. That the row then has an end where it must is what these rows are made for.
   */
  #staysInRow(row: Buffer): void {
    const text = row.toString();
    // The object itself becomes the value of a member in front of it, and one brace too many the row's; before that may stand what is
    // left of a value that has begun.
    if (isJson(text))
      for (const rest of ['', '"', 'Z"'])
        assert.ok(!provesBehind(this.#keeping, `{${rest},"anew":`, `${text}}`), `anew: ${text}`);
    // What was a key is two halves of others, and what was no text becomes one.
    const [, value] = /^\{"x":([^"]*)\}$/.exec(text) ?? [];
    if (value !== undefined)
      assert.ok(!provesBehind(this.#comma, '{,"anew":"', `{",":${value},":1}`), `anew: ${text}`);
  }

  /** Asserts on the way that nothing is proved that is not so. */
  opinion(row: string | Buffer): Opinion {
    const bytes = Buffer.from(row);
    // What the fast check is promised, and what both others are never given.
    assert.ok(isUtf8(bytes) && !bytes.includes('\n'), 'not a row');
    this.#staysInRow(bytes);
    const proved = this.proves(bytes);
    assert.equal(this.proves(bytes, '{"x":', ''), proved, `at the end of memory: ${bytes.toString()}`);
    const { misfits, unknown } = this.#thorough.check(new ByteView().inMemory(bytes, 0, bytes.length));
    const clean = misfits.length === 0;
    if (proved) {
      assert.ok(clean, `proved, but it is not so: ${bytes.toString()} of ${JSON.stringify(this.#logType)}`);
      assert.deepEqual(this.#fast.unknown, unknown, bytes.toString());
      assert.deepEqual(referenceMisfits(this.#logType, bytes.toString()), [], bytes.toString());
    }
    return { proved, clean };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function provesBehind(check: FastCheck, before: string, row: string): boolean {
  const bytes = Buffer.from(before + row);
  return check.proves(bytes, before.length, bytes.length);
}

/** Asserts that the fast check proves these rows. */
export function assertProved(logType: LogType, ...rows: string[]): void {
  for (const row of rows)
    assert.deepEqual(new Checks(logType).opinion(row), { proved: true, clean: true }, row);
}

/** Asserts that the fast check leaves these rows, which have nothing wrong with them, to the thorough one. */
export function assertLeft(logType: LogType, ...rows: string[]): void {
  for (const row of rows)
    assert.deepEqual(new Checks(logType).opinion(row), { proved: false, clean: true }, row);
}

/** Asserts that these rows have something wrong with them, and that the fast check does not prove the opposite. */
export function assertWrong(logType: LogType, ...rows: string[]): void {
  for (const row of rows)
    assert.deepEqual(new Checks(logType).opinion(row), { proved: false, clean: false }, row);
}
