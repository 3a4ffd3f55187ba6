import { join } from 'node:path';
import { stagedType } from '../equality/read-output.ts';
import { HOUR, type GeneratedHour } from '../generate/write-hour.ts';
import type { Command } from '../measure/command.ts';
import { version } from '../../workloads/cli/version.ts';
import type { Classifier } from './tool.ts';

/** What the pods are started with: V8's limits of a pod of 128 MiB, and the image's one heap for all threads. */
export const POD_ENVIRONMENT = {
  NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=48',
  MALLOC_ARENA_MAX: '1',
} as const;

/** The bundle, as the published package runs it. */
export const BUNDLE = new URL('../../dist/', import.meta.url).pathname;

export const LOGFERRY_VERSION = `logferry ${version}, Node ${process.versions.node}`;

/** A command of logferry as a pod would run it. */
export function logferry(...args: readonly string[]): Command {
  return { argv: [process.execPath, join(BUNDLE, 'cli.js'), ...args, '--json'], env: POD_ENVIRONMENT };
}

/** `logferry classify` of a generated hour. @param options Of staging: compression and its level. */
export function logferryClassify(
  { source, schemas }: Pick<GeneratedHour, 'source' | 'schemas'>,
  ...options: readonly string[]
): Classifier {
  return {
    name: 'logferry',
    version: LOGFERRY_VERSION,
    typeOf: stagedType,
    spelling: 'raw',
    command: (output) =>
      logferry(
        'classify',
        HOUR,
        '--source',
        `file:${source}`,
        '--staging',
        `file:${output}`,
        '--schemas',
        schemas,
        ...options,
      ),
  };
}

/** Staged parts as plain text. */
export const PLAIN_STAGING = ['--staging-compression', 'none'] as const;
