import { setFlagsFromString } from 'node:v8';
import { EXIT } from './core/errors.ts';
import type { Io } from './cli/io.ts';
import { makeLogger } from './cli/logger.ts';
import { main } from './cli/main.ts';
import { watchOutputs } from './cli/outputs.ts';

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

// V8's compiler between the baseline and the optimizing one: its program text and what it makes take 2.5 MiB of a pod, and the loops that
// take the time are WebAssembly, or are hot enough for the optimizing one (docs/performance.md, memory).
setFlagsFromString('--no-maglev');

const interactive = process.stdout.isTTY && process.stderr.isTTY;

const io: Io = {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  interactive,
  signal: abortOnSignals(),
  terminal: interactive ? process.stderr : undefined,
};

// Node's own way of printing what libraries warn of would break what a machine reads as one JSON object a line.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  makeLogger(io).log('NOTICE', `${name}: ${message}`);
});

const { stdout, stderr } = process;
const outputs = watchOutputs({ stdout, stderr });
const exitCode = await main(process.argv.slice(2), io);
// A stream tells of its failure in the next turn.
await new Promise(setImmediate);
const failure = outputs.failure();
if (failure !== undefined)
  makeLogger(io).log('ERROR', `Printing to ${failure}: what was carried is carried, its report is not whole`);
process.exitCode = failure !== undefined && exitCode === EXIT.done ? EXIT.failed : exitCode;
