import type { Progress } from '../core/ports/progress.ts';
import type { Io } from './io.ts';

/** A bar for the work in hand; `stop` wipes it so that results and messages stand alone. */
export interface ProgressBar {
  readonly report: Progress;
  stop(): void;
}

const WORDS = { classify: 'classifying', load: 'loading' } as const;

/** @returns A bar that draws nothing where nobody looks: a pod never loads what draws. */
export async function makeProgress(io: Io): Promise<ProgressBar> {
  if (!io.interactive || io.terminal === undefined) return { report: () => undefined, stop: () => undefined };
  const { Presets, SingleBar } = await import('cli-progress');
  const bar = new SingleBar(
    {
      format: '{what} {hour} {bar} {percentage}% {detail}',
      stream: io.terminal,
      clearOnComplete: true,
      hideCursor: true,
      stopOnComplete: false,
      fps: 10,
    },
    Presets.shades_classic,
  );
  let current = '';
  return {
    report: ({ phase, hour, done, total, detail = '' }) => {
      const payload = { what: WORDS[phase], hour, detail: detail.slice(-40) };
      if (current !== `${phase} ${hour}`) {
        if (current !== '') bar.stop();
        current = `${phase} ${hour}`;
        bar.start(Math.max(total, 1), done, payload);
      } else {
        bar.update(Math.min(done, Math.max(total, 1)), payload);
      }
    },
    stop: () => {
      if (current !== '') bar.stop();
      current = '';
    },
  };
}
