import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { ByteView } from '../../../../workloads/core/bytes/byte-view.ts';
import { FastCheck } from '../../../../workloads/core/rows/fast/fast-check.ts';
import { RowJudge } from '../../../../workloads/core/rows/fast/row-judge.ts';
import { ThoroughCheck } from '../../../../workloads/core/rows/thorough-check.ts';
import type { LogType } from '../../../../workloads/core/schema/log-type.ts';
import { referenceMisfits } from '../../../support/reference-check.ts';

const LF = 0x0a;
/** Behind a row the kernel keeps so many bytes at least. */
const VECTOR_BYTES = 16;

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
  constructor(logType: LogType) {
    this.#logType = logType;
    this.#fast = new FastCheck(logType);
    this.#thorough = new ThoroughCheck(logType);
  }

  /** Whether the fast check proves a row that lies between other bytes; what they are must not matter, nor what a longer row left behind. */
  proves(row: string | Buffer, before = '{"x":', behind = '}"]1'): boolean {
    const [start, rest] = [Buffer.byteLength(before), Buffer.from(behind)];
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from(row), rest]);
    const end = bytes.length - rest.length;
    const former = Buffer.concat([Buffer.alloc(end - start, 'x'), rest]);
    this.#fast.proves(former, 0, former.length);
    return this.#fast.proves(bytes, start, end);
  }

  /** Asserts on the way that nothing is proved that is not so. */
  opinion(row: string | Buffer): Opinion {
    const bytes = Buffer.from(row);
    // What the fast check is promised, and what both others are never given.
    assert.ok(isUtf8(bytes) && !bytes.includes('\n'), 'not a row');
    assertOnwards(bytes);
    const proved = this.proves(bytes);
    assert.equal(this.proves(bytes, '', '"'), proved, `before others: ${bytes.toString()}`);
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

/** What judges members and values for the kernel, looking at these bytes. */
export function judgeOf(bytes: Buffer): RowJudge {
  const judge = new RowJudge();
  judge.lookAt(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  return judge;
}

/**
 * Asserts that what judges members and values for the kernel says -1 or a position behind them: the kernel would read on from any other
 * position, and whether that ever makes a row of it is another matter.
 */
function assertOnwards(row: Buffer): void {
  const bytes = Buffer.concat([row, Buffer.of(LF), Buffer.alloc(VECTOR_BYTES)]);
  const judge = judgeOf(bytes);
  for (let quote = row.indexOf('"'); quote !== -1; quote = row.indexOf('"', quote + 1)) {
    judge.begin(0);
    for (const end of [judge.skipKept(quote), judge.skipJson(quote, 1)])
      assert.ok(end === -1 || (end > quote && end <= row.length), `${end} from ${quote}: ${row.toString()}`);
  }
  for (let value = row.indexOf(':') + 1; value !== 0; value = row.indexOf(':', value) + 1) {
    const end = judge.skipJson(value, 1);
    assert.ok(end === -1 || (end > value && end <= row.length), `${end} from ${value}: ${row.toString()}`);
  }
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
