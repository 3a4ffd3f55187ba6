import assert from 'node:assert/strict';
import type { LogType } from '../../../workloads/core/schema/log-type.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';

export const FIELD = { name: 'a', type: 'STRING' };

/** The parsed content of a file that is valid. */
export function valid(content: object, file = 'schemas/t.json'): LogType {
  const parsed = parseLogType(file, JSON.stringify(content));
  assert.ok('logType' in parsed, JSON.stringify(parsed));
  return parsed.logType;
}

/** `path | expected | found` of each problem. */
export function problems(content: unknown, file = 'schemas/t.json'): string[] {
  const parsed = parseLogType(file, typeof content === 'string' ? content : JSON.stringify(content));
  assert.ok('problems' in parsed, `${JSON.stringify(content)} was accepted`);
  assert.ok(parsed.problems.every((problem) => problem.file === file));
  return parsed.problems.map(({ path, expected, found }) => `${path} | ${expected} | ${found}`);
}

/** Asserts that there is one problem, at this path, and that its expectation and finding contain the texts. */
export function assertRefused(content: unknown, path: string, expected: string, found: string): void {
  const all = problems(content);
  assert.equal(all.length, 1, all.join('\n'));
  const [at, wanted, seen] = all[0]!.split(' | ');
  assert.equal(at, path);
  assert.ok(wanted!.includes(expected), all[0]);
  assert.equal(seen, found);
}
