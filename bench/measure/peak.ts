import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds between two looks: the high-water mark only rises, so that no more than a process's last rise is missed. */
const LOOK_MS = 4;

/**
 * Watches the memory of all processes below one, itself left out (a shell of no interest): for each its high-water mark, added up,
 * since the stages of a pipeline live at the same time.
 */
export class PeakWatch {
  readonly #root: number | undefined;
  readonly #peaks = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(root: number | undefined) {
    this.#root = root;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Undefined where no process was seen: not Linux, or it lived shorter than a look. */
  get peakBytes(): number | undefined {
    if (this.#peaks.size === 0) return undefined;
    return [...this.#peaks.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  #look(): void {
    const waiting = this.#root === undefined ? [] : childrenOf(this.#root);
    for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
      const peak = highWaterMark(pid);
      if (peak !== undefined) this.#peaks.set(pid, Math.max(peak, this.#peaks.get(pid) ?? 0));
      waiting.push(...childrenOf(pid));
    }
  }
}

/** Of all threads: a child belongs to the thread that started it. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function highWaterMark(pid: number): number | undefined {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}
