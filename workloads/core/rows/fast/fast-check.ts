import type { LogType } from '../../schema/log-type.ts';
import type { UnknownMember } from '../misfit.ts';
import { compileProgram, type Program } from './program.ts';
import { RowJudge } from './row-judge.ts';
import { rowKernel } from './row-kernel.ts';

/**
 * Proves of ordinary rows that nothing is wrong with them, without asking the thorough check. What it cannot prove may be right all
 * the same. The work is done by `kernels/row-check.ts`.
 */
export class FastCheck {
  readonly #kernel = rowKernel();
  readonly #program: Program;
  readonly #judge = new RowJudge();

  constructor(logType: LogType) {
    this.#program = compileProgram(logType, this.#kernel);
  }

  /** Members of the last row that was proved, for `unknown_fields`. */
  get unknown(): readonly UnknownMember[] {
    return this.#judge.unknown;
  }

  /** Whether the row `[start..end)` surely has no misfits. It must be UTF-8 without a newline. */
  proves(bytes: Buffer, start: number, end: number): boolean {
    return this.#kernel.proves(this.#program, this.#judge, bytes, start, end);
  }
}
