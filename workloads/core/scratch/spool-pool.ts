import type { Compression } from '../compression/block-encoder.ts';
import { giveBack } from '../bytes/give-back.ts';
import type { Scratch } from './scratch.ts';
import { Spool } from './spool.ts';

/** Buffers of the spools that wait for their first block, together; beyond it they are written out. */
const COLD_BYTES = 4 * 1024 * 1024;

/** Spools that keep a block, a file and digests open, 128 KiB each: 8 MiB, whatever the number of types. */
const HOT_SPOOLS = 64;

/** Blocks that may be under way when a spool's owner goes on: as many as there are engines, so that none of them idles. */
const BLOCKS_UNDER_WAY = 2;

/** Blocks that are kept for the next ones: about as many as fill while two are compressed. */
const SPARE_BLOCKS = 6;

/** Blocks that may be under way at all, 4 MiB: one line of 90 MB is appended without anybody being able to wait. */
const MOST_BLOCKS = 32;

/** Appends to many files at once within a fixed amount of memory. */
export class SpoolPool {
  readonly scratch: Scratch;
  readonly #cold = new Set<Spool>();
  readonly #underWay: Promise<unknown>[] = [];
  readonly #spare: Buffer[] = [];
  #coldBytes = 0;
  #hot = 0;

  constructor(scratch: Scratch) {
    this.scratch = scratch;
  }

  open(label: string, compression: Compression): Spool {
    const spool = new Spool(this, label, compression);
    this.#cold.add(spool);
    return spool;
  }

  /** Waits until few enough blocks are under way. @throws What writing one met, such as a full disk. */
  async settle(): Promise<void> {
    while (this.#underWay.length > BLOCKS_UNDER_WAY) await this.#underWay.shift();
  }

  /** Whether no further block may be handed over for now. */
  get isBusy(): boolean {
    return this.#underWay.length >= MOST_BLOCKS;
  }

  /** A block that was handed over is compressed and written meanwhile. */
  begin(work: Promise<unknown>): void {
    // Whoever waits for it is told; were nobody to wait any more, the error would end the process.
    work.catch(() => undefined);
    this.#underWay.push(work);
  }

  /** A cold spool asks for memory; where it is used up, all of them write out what they hold. */
  reserve(bytes: number): void {
    if (this.#coldBytes + bytes > COLD_BYTES)
      for (const spool of this.#cold) this.#coldBytes -= spool.spill();
    this.#coldBytes += bytes;
  }

  /** Memory that a cold spool no longer needs. */
  giveBack(buffer: Buffer): void {
    this.#coldBytes -= buffer.length;
    giveBack(buffer);
  }

  /** Whether one more spool may keep a block. */
  heat(spool: Spool): boolean {
    if (this.#hot === HOT_SPOOLS) return false;
    this.#hot++;
    this.#cold.delete(spool);
    return true;
  }

  /** A spool has ended. */
  forget(spool: Spool): void {
    if (!this.#cold.delete(spool)) this.#hot--;
  }

  /** A buffer of a block, one that was used before where there is one: a fresh one each time is garbage that V8 does not see. */
  takeBlock(size: number): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(size);
  }

  returnBlock(block: Buffer): void {
    if (this.#spare.length < SPARE_BLOCKS) this.#spare.push(block);
    else giveBack(block);
  }
}
