import { readFileSync } from 'node:fs';

/**
 * Preloaded into a child process: tells, at its end, the most memory that it ever held, in KiB. On Linux by VmHWM: getrusage(2) starts
 * from what the parent held when it forked.
 */
process.on('exit', () => {
  process.stderr.write(`maxRSS ${highWaterMark() ?? process.resourceUsage().maxRSS}\n`);
});

function highWaterMark(): string | undefined {
  try {
    return /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
