import assert from 'node:assert/strict';
import { EngineError } from './engine.ts';
import type { Cloud } from './stand-in/cloud.ts';

/** For assert.rejects: the engine refused with exactly these errors. */
export const refusal =
  (...messages: readonly string[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof EngineError, String(error));
    assert.deepEqual(error.messages, messages);
    return true;
  };

/** Gives what was written to the clouds since it was last asked, `kind type name changed...`, sorted: much happens at once. */
export function journalReader({ journal }: Cloud): () => string[] {
  let seen = 0;
  return () => {
    const fresh = journal.slice(seen).filter(({ kind }) => kind !== 'read');
    seen = journal.length;
    return fresh.map(({ kind, type, name, changed = [] }) => [kind, type, name, ...changed].join(' ')).sort();
  };
}
