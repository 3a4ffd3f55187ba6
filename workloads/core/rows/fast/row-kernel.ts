import { Kernel } from '../../kernels/kernel.ts';
import { ROW_CHECK_WASM } from '../../kernels/row-check.wasm.ts';
import type { Program } from './program.ts';
import type { RowJudge } from './row-judge.ts';

/** Behind a row the kernel reads as many bytes as a vector has, and one in which it marks the end. */
const SLACK_BYTES = 32;
/** What vectors are aligned to. */
const ALIGNMENT = 16;
/** The kernel's word for no position. */
const NOWHERE = 0;

/**
 * The kernel with the row that it looks at, and the type that it knows. There is one for all types of a process: its memory is seen by no
 * garbage collector, and types come and go by the hundred.
 */
export class RowKernel {
  readonly #kernel = new Kernel<'proves'>(ROW_CHECK_WASM, {
    row: {
      json: (at, column) => positionOf(this.#judge!.skipJson(at, column)),
      kept: (at) => positionOf(this.#judge!.skipKept(at)),
    },
  });
  readonly #start = this.#kernel.constant('PROGRAM');
  #bytes: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));
  #program: Program | undefined;
  #judge: RowJudge | undefined;
  #rowAt = 0;

  constant(name: string): number {
    return this.#kernel.constant(name);
  }

  /** Whether the row `bytes[start..end)` surely has no misfits. */
  proves(program: Program, judge: RowJudge, bytes: Buffer, start: number, end: number): boolean {
    if (program !== this.#program) this.#know(program, judge);
    const rowAt = this.#rowAt;
    const rowEnd = rowAt + end - start;
    if (rowEnd + SLACK_BYTES > this.#bytes.length) this.#reserve(rowEnd + SLACK_BYTES);
    bytes.copy(this.#bytes, rowAt, start, end);
    judge.begin(rowAt);
    return this.#kernel.functions.proves(program.row, rowAt, rowEnd) !== 0;
  }

  /** What the kernel has learned of the former type's rows goes back to where that one is kept. */
  #know(program: Program, judge: RowJudge): void {
    const former = this.#program?.image;
    former?.set(this.#bytes.subarray(this.#start, former.length), this.#start);
    const { image } = program;
    this.#rowAt = Math.ceil(image.length / ALIGNMENT) * ALIGNMENT;
    this.#program = program;
    this.#judge = judge;
    this.#reserve(this.#rowAt + SLACK_BYTES);
    this.#bytes.set(image.subarray(this.#start), this.#start);
  }

  #reserve(end: number): void {
    const memory = this.#kernel.reserve(end);
    if (memory !== this.#bytes.buffer) {
      this.#bytes = Buffer.from(memory);
      this.#words = new DataView(memory);
    }
    this.#judge!.lookAt(this.#bytes, this.#words);
  }
}

function positionOf(end: number): number {
  return end === -1 ? NOWHERE : end;
}

let kernel: RowKernel | undefined;

/** The process's own, made when it is first asked for. */
export function rowKernel(): RowKernel {
  return (kernel ??= new RowKernel());
}
