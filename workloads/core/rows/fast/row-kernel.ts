import { Kernel, VECTOR_BYTES } from '../../kernels/kernel.ts';
import { ROW_CHECK_WASM } from '../../kernels/row-check.wasm.ts';
import type { Program } from './program.ts';
import type { RowJudge } from './row-judge.ts';

/** Behind a row: the kernel reads a vector from wherever it looks, also from where it marks the end; and what of a date it may look at beyond. */
const SLACK_BYTES = 2 * VECTOR_BYTES;
/** The kernel's word for no position. */
const NOWHERE = 0;

/** What the kernel knows. */
interface Known {
  readonly program: Program;
  readonly judge: RowJudge;
}

/**
 * The kernel with the row that it looks at, and the type that it knows. There is one for all types of a process: garbage collectors do
 * not see a kernel's memory, and types come and go by the hundred. That never shrinks: rows are of 1 MiB at most, what readers hold of a
 * line in memory.
 */
export class RowKernel {
  readonly #kernel = new Kernel<'learned' | 'proves'>(ROW_CHECK_WASM, {
    row: {
      json: (at, column) => positionOf(this.#known!.judge.skipJson(at, column)),
      kept: (at) => positionOf(this.#known!.judge.skipKept(at)),
    },
  });
  readonly #start = this.#kernel.constant('PROGRAM');
  #bytes: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));
  /** Of what its memory holds; none where that is not sure. */
  #known: Known | undefined;

  /** An address, offset or number of the kernel's layout (`kernels/row-check/memory.ts`, `kinds.ts`). */
  constant(name: string): number {
    return this.#kernel.constant(name);
  }

  /** Whether the row `bytes[start..end)` surely has no misfits. */
  proves(program: Program, judge: RowJudge, bytes: Buffer, start: number, end: number): boolean {
    // Stryker disable next-line ConditionalExpression: only time is saved.
    if (program !== this.#known?.program) this.#learn(program, judge);
    const rowAt = this.#start + program.image.length;
    const rowEnd = rowAt + end - start;
    this.#reserve(judge, rowEnd + SLACK_BYTES);
    bytes.copy(this.#bytes, rowAt, start, end);
    judge.begin(rowAt);
    return this.#kernel.functions.proves(program.row, rowAt, rowEnd) !== 0;
  }

  /** Takes a type into memory, in place of the former one, which keeps what was learned of its rows. */
  #learn(program: Program, judge: RowJudge): void {
    const start = this.#start;
    // Stryker disable ConditionalExpression,LogicalOperator,EqualityOperator,BlockStatement: what was learned saves time.
    if (this.#known !== undefined && this.#kernel.functions.learned() !== 0) {
      const { image } = this.#known.program;
      image.set(this.#bytes.subarray(start, start + image.length));
    }
    // Stryker restore all
    this.#known = undefined;
    const { image } = program;
    this.#reserve(judge, start + image.length);
    judge.lookAt(this.#bytes, this.#words);
    this.#bytes.set(image, start);
    this.#known = { program, judge };
  }

  #reserve(judge: RowJudge, end: number): void {
    // Stryker disable next-line ConditionalExpression,EqualityOperator: only time is saved.
    if (end <= this.#bytes.length) return;
    const memory = this.#kernel.reserve(end);
    this.#bytes = Buffer.from(memory);
    this.#words = new DataView(memory);
    judge.lookAt(this.#bytes, this.#words);
  }
}

function positionOf(end: number): number {
  return end === -1 ? NOWHERE : end;
}

let kernel: RowKernel | undefined;

/** The process's own, made when it is first asked for. */
export function rowKernel(): RowKernel {
  // Stryker disable next-line AssignmentOperator: another one each time would do the same.
  return (kernel ??= new RowKernel());
}
