import { compareUtf8 } from '../core/digest.ts';
import type { FolderHour } from '../core/hour.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { MAX_RECORD_DEPTH } from '../core/schema/rules.ts';
import type { Scratch } from '../core/scratch/scratch.ts';
import { plural } from './infer/json-reason.ts';
import { LeftOut } from './infer/leave-out.ts';
import { proposeType, type Proposal } from './infer/propose-type.ts';
import { planHours, readHours } from './infer/read-hours.ts';
import { Statistics, Tally } from './infer/statistics.ts';
import { tableNames } from './infer/table-names.ts';
import type { TypeStats } from './infer/type-stats.ts';

/** What inference reads from and by which rules. */
export interface InferContext {
  readonly source: ObjectStore;
  readonly typeKey: string;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
  /** Levels of RECORD; what nests deeper is typed JSON. MAX_RECORD_DEPTH, BigQuery's own limit, by default and at most. */
  readonly maxDepth?: number;
}

/** A proposed schema file. */
export interface InferredType {
  readonly type: string;
  readonly table: string;
  /** Rows that the proposal was inferred from, all of which it accepts. */
  readonly rows: number;
  /** Content of `schemas/<table>.json`, its keys in the order that an expert writes them. */
  readonly document: object;
  /** For people: field path and what to look at. */
  readonly unsure: readonly string[];
}

/** `lines` = the rows of all types + all lines in `skipped`. */
export interface InferResult {
  /** Sorted by table. */
  readonly types: readonly InferredType[];
  /** Lines of all objects that decode to their end, blank ones included. */
  readonly lines: number;
  /** Lines that gave no row, by reason; and, as `object_<reason>`, objects that do not decode. */
  readonly skipped: Record<string, number>;
}

/**
 * Proposes a schema for each type in the hours' lines. What is proposed accepts every row that it was inferred from, and no
 * field is wider than that needs: what a person has to widen or narrow is said in `unsure`.
 */
export async function inferSchemas(
  context: InferContext,
  hours: readonly FolderHour[],
): Promise<InferResult> {
  const { typeKey } = context;
  const maxDepth = Math.min(context.maxDepth ?? MAX_RECORD_DEPTH, MAX_RECORD_DEPTH);
  let statistics = new Statistics(typeKey, maxDepth);
  const read = await readHours(context, await planHours(context, hours), () => {
    const fresh = (statistics = new Statistics(typeKey, maxDepth));
    return (line) => fresh.add(line);
  });
  const skipped = new Tally<string>();
  for (const [reason, count] of Object.entries(statistics.skipped.counts)) skipped.add(reason, count);
  for (const reason of read.damaged) skipped.add(`object_${reason}`);

  const tables = tableNames(statistics.types.keys());
  const proposed: Proposed[] = [];
  for (const stats of statistics.types.values()) {
    const table = tables.get(stats.type)!;
    const proposal = proposeType(stats, table, typeKey);
    if (proposal === undefined) skipped.add('no_column', stats.rows);
    else proposed.push({ stats, table, proposal });
  }
  const contradictions = proposed.filter(({ proposal }) => proposal.conflict);
  const leftOut = new LeftOut(
    typeKey,
    contradictions.map(({ stats, table, proposal }) => ({
      type: stats.type,
      table,
      document: proposal.document,
    })),
  );
  if (contradictions.length > 0) await readHours(context, read.plan, () => leftOut.handler);
  for (const rows of leftOut.rows.values()) skipped.add('inexact_number', rows);
  const types = proposed.map((one) => finish(one, statistics, leftOut));
  return {
    types: types.sort((a, b) => compareUtf8(a.table, b.table)),
    lines: read.lines,
    skipped: skipped.counts as Record<string, number>,
  };
}

interface Proposed {
  readonly stats: TypeStats;
  readonly table: string;
  readonly proposal: Proposal;
}

function finish(
  { stats, table, proposal }: Proposed,
  { defects }: Statistics,
  leftOut: LeftOut,
): InferredType {
  const { type } = stats;
  const unsure = [...proposal.unsure];
  for (const [reason, count] of Object.entries(defects.get(type)?.counts ?? {})) {
    unsure.push(
      `${plural(count, 'row')} left out (${reason}): no schema accepts ${count === 1 ? 'it' : 'them'}`,
    );
  }
  return {
    type,
    table,
    rows: stats.rows - (leftOut.rows.get(type) ?? 0),
    document: proposal.document,
    unsure,
  };
}
