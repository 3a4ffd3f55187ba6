import { existsSync, readFileSync } from 'node:fs';

/** What the engine did, or in a preview would do, to one resource. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `refresh` and so on (pulumi/pulumi: sdk/go/common/apitype/events.go). */
  readonly op: string;
  readonly type: string;
  readonly name: string;
  /** Paths of the inputs that differ, sorted. */
  readonly changed: readonly string[];
}

export interface EngineEvents {
  /** Without what stays the same, sorted by type, name and operation: the engine works on many at once. */
  readonly steps: readonly Step[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface EventLine {
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string };
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** Steps by which the engine only looks, or that go with another step of the same resource. */
const SILENT = new Set([
  'same',
  'read',
  'create-replacement',
  'delete-replaced',
  'discard',
  'discard-replaced',
]);

/** What the engine says last of a run that failed, after the reasons. */
const CLOSING_WORDS = new Set(['preview failed', 'update failed']);

function stepOf({ op, urn, type, diffs, detailedDiff }: Metadata): Step {
  const changed = Object.keys(detailedDiff ?? {});
  const name = urn.split('::').slice(3).join('::');
  return { op, type, name, changed: (changed.length > 0 ? changed : [...(diffs ?? [])]).sort() };
}

/** Each step is told when it begins; only of a refresh is it known afterwards what it found. */
function stepsOf(events: readonly EventLine[]): Step[] {
  const begun = events.flatMap(({ resourcePreEvent: event }) =>
    event === undefined ? [] : [event.metadata],
  );
  const refreshed = new Set(begun.filter(({ op }) => op === 'refresh').map(({ urn }) => urn));
  const found = events.flatMap(({ resOutputsEvent: event }) =>
    event !== undefined && refreshed.has(event.metadata.urn) ? [event.metadata] : [],
  );
  return [...begun.filter(({ op }) => op !== 'refresh'), ...found].map(stepOf);
}

/** Reads the engine's event log, one JSON object a line. */
export function readEvents(log: string): EngineEvents {
  const lines = existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
  const events = lines.map((line) => JSON.parse(line) as EventLine);
  const messages = (severity: string): string[] =>
    events
      .flatMap(({ diagnosticEvent: event }) => (event?.severity === severity ? [event.message.trim()] : []))
      .filter((message) => !CLOSING_WORDS.has(message));
  const key = ({ type, name, op }: Step): string => `${type} ${name} ${op}`;
  // A destroy shows each step twice, first in its preview.
  const steps = new Map(stepsOf(events).map((step) => [key(step), step]));
  return {
    steps: [...steps.values()].filter(({ op }) => !SILENT.has(op)).sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    errors: messages('error'),
    warnings: messages('warning'),
  };
}
