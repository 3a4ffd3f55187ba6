import { styleText } from 'node:util';
import type { Logger, Severity } from '../core/ports/logger.ts';
import type { Io } from './io.ts';

const STYLE: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  DEBUG: 'dim',
  INFO: 'dim',
  NOTICE: 'cyan',
  WARNING: 'yellow',
  ERROR: 'red',
};

/** People read sentences; machines read JSON lines with `severity` and `message`, as Cloud Logging parses them. */
export function makeLogger(io: Io): Logger {
  if (!io.interactive) {
    return {
      log: (severity, message, fields = {}) =>
        io.stderr(`${JSON.stringify({ severity, message, time: new Date().toISOString(), ...fields })}\n`),
    };
  }
  return {
    log: (severity, message) => {
      if (severity === 'DEBUG' || severity === 'INFO') return;
      io.stderr(`${styleText(STYLE[severity], message)}\n`);
    },
  };
}
