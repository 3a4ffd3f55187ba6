import { BLOCK_BYTES } from '../compression/block-deflate.ts';
import type { Compression } from '../compression/block-encoder.ts';
import { giveBack } from '../bytes/give-back.ts';
import type { Scratch } from './scratch.ts';
import { Spool, type SpoolMemory } from './spool.ts';

/** Buffers of the spools that wait for their first block, together; beyond it the fullest are written out. */
const COLD_BYTES = 3 * 1024 * 1024;

/** Spools that keep a block, a file and digests open, 128 KiB each: 4 MiB, whatever the number of types. */
const HOT_SPOOLS = 32;

/** Blocks that may be under way when a spool's owner goes on: as many as there are engines, so that none of them idles. */
const BLOCKS_UNDER_WAY = 2;

/** Blocks that are kept for the next ones: as many as are compressed at once. */
const SPARE_BLOCKS = 2;

/** Blocks that may be under way at all, 4 MiB: one line of 90 MB is appended without anybody being able to wait. */
const MOST_BLOCKS = 32;

/** Appends to many files at once within a fixed amount of memory. */
export class SpoolPool implements SpoolMemory {
  readonly scratch: Scratch;
  readonly #cold = new Set<Spool>();
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
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

  /** Waits until few enough blocks are under way. @throws What writing one met since, such as a full disk. */
  async settle(): Promise<void> {
    while (this.#underWay.size > BLOCKS_UNDER_WAY) await this.#underWay.values().next().value;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  get isBusy(): boolean {
    return this.#underWay.size >= MOST_BLOCKS;
  }

  begin(work: Promise<unknown>): void {
    const ending: Promise<void> = work
      .then(
        () => undefined,
        // Kept for whoever waits next; nobody may be waiting now.
        (error: unknown) => void (this.#failure ??= { error }),
      )
      .then(() => void this.#underWay.delete(ending));
    this.#underWay.add(ending);
  }

  reserve(bytes: number): void {
    if (this.#coldBytes + bytes > COLD_BYTES) this.#spill();
    this.#coldBytes += bytes;
  }

  /** Writes the fullest buffers out until half of the memory is free: a file is opened for each, so few large writes cost least. */
  #spill(): void {
    const fullest = [...this.#cold].sort((a, b) => b.held - a.held);
    for (const spool of fullest) {
      this.#coldBytes -= spool.spill();
      if (this.#coldBytes <= COLD_BYTES / 2) return;
    }
  }

  giveBack(buffer: Buffer): void {
    this.#coldBytes -= buffer.length;
    giveBack(buffer);
  }

  heat(spool: Spool): boolean {
    if (this.#hot === HOT_SPOOLS) return false;
    this.#hot++;
    this.#cold.delete(spool);
    return true;
  }

  forget(spool: Spool): void {
    if (!this.#cold.delete(spool)) this.#hot--;
  }

  takeBlock(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  }

  returnBlock(block: Buffer): void {
    if (this.#spare.length < SPARE_BLOCKS) this.#spare.push(block);
    else giveBack(block);
  }
}
