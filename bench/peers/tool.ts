import { spawnSync } from 'node:child_process';
import type { Spelling, TypeOfPath } from '../equality/read-output.ts';
import type { Command } from '../measure/command.ts';

/** One side of a comparison: a program that does the whole job. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  /** The command that leaves its output in a folder that does not exist yet. */
  readonly command: (output: string) => Command;
}

/** A tool that sorts lines into files by type. */
export interface Classifier extends Tool {
  readonly typeOf: TypeOfPath;
  /** `canonical` where it parses lines and writes them anew. */
  readonly spelling: Spelling;
}

/** A peer that is not on this machine, and what brings it. */
export interface Missing {
  readonly name: string;
  readonly install: string;
}

export const isMissing = (peer: Tool | Missing): peer is Missing => 'install' in peer;

/** First line of what a program says about its version; undefined where there is no such program. */
export function versionOf(program: string, ...args: readonly string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) return undefined;
  return (stdout + stderr).trim().split('\n')[0];
}

/** A word of a command line, quoted where a shell would need it. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A command as it would be typed. */
export function commandText({ argv, env = {} }: Command): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  return [...variables, ...argv.map(shellWord)].join(' ');
}
