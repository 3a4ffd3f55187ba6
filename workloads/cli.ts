import { EXIT } from './core/errors.ts';
import { main } from './cli/main.ts';

/** A second signal ends at once: whoever presses Ctrl-C twice means it. */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.notReady);
      controller.abort(signal);
    });
  }
  return controller.signal;
}

const interactive = process.stdout.isTTY && process.stderr.isTTY;

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  interactive,
  signal: abortOnSignals(),
  terminal: interactive ? process.stderr : undefined,
});
