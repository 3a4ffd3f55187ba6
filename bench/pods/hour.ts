import { gzipSync } from 'node:zlib';
import type { FolderHour } from '../../workloads/core/hour.ts';
import { hourPath, hourStart, parseHour } from '../../workloads/core/hour.ts';

/** The hour that is carried. */
export const HOUR: FolderHour = parseHour('2026-11-20T14');

/** Types of an hour: what the memory limit is promised for. */
export const TYPES = 40;

/** Uncompressed bytes of one object; Firehose closes its files at 64 MiB or less by default settings. */
const OBJECT_BYTES = 32 * 2 ** 20;

/** One line in this many breaks its schema, and as many are no JSON: both halves of what is set aside are written, too. */
const BROKEN_EVERY = 1_000;

/** Lines that are made once and repeated: what differs from line to line costs the maker more than the road. */
const BLOCK_LINES = 4_000;

const FIELDS = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'ts', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'user_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'session', type: 'STRING' },
  { name: 'amount', type: 'NUMERIC' },
  { name: 'score', type: 'FLOAT' },
  { name: 'ok', type: 'BOOLEAN' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'device',
    type: 'RECORD',
    fields: [
      { name: 'os', type: 'STRING' },
      { name: 'version', type: 'STRING' },
      { name: 'screen', type: 'INTEGER', mode: 'REPEATED' },
    ],
  },
  { name: 'detail', type: 'JSON' },
];

const typeName = (index: number): string => `event_${String(index).padStart(2, '0')}`;

/** Schema files of all types, by file name. */
export function schemaFiles(types = TYPES): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: types }, (_, index) => {
      const columns = { event_time: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' } };
      return [`${typeName(index)}.json`, JSON.stringify({ fields: FIELDS, columns })];
    }),
  );
}

/** An object of the source. */
export interface SourceObject {
  readonly key: string;
  readonly body: Buffer;
}

/** What an hour holds, by what was put into it. */
export interface HourSummary {
  /** Uncompressed. */
  readonly bytes: number;
  readonly lines: number;
  /** Lines that are no JSON. */
  readonly broken: number;
  /** Rows that break their schema. */
  readonly misfits: number;
}

/** Objects of about `bytes` uncompressed bytes in all, every second one gzip; `put` takes them one after another. */
export async function makeHour(
  bytes: number,
  put: (object: SourceObject) => Promise<void>,
  types = TYPES,
): Promise<HourSummary> {
  const { text, ...block } = makeBlock(types);
  const blocksAnObject = Math.max(1, Math.round(Math.min(bytes, OBJECT_BYTES) / text.length));
  const plain = Buffer.concat(Array.from({ length: blocksAnObject }, () => text));
  const packed = gzipSync(plain, { level: 6 });
  const objects = Math.max(1, Math.round(bytes / plain.length));
  for (let index = 0; index < objects; index++) {
    const isPacked = index % 2 === 0;
    const name = `part-${String(index).padStart(4, '0')}.json${isPacked ? '.gz' : ''}`;
    await put({ key: `${hourPath(HOUR)}/${name}`, body: isPacked ? packed : plain });
  }
  const blocks = objects * blocksAnObject;
  return {
    bytes: blocks * text.length,
    lines: blocks * block.lines,
    broken: blocks * block.broken,
    misfits: blocks * block.misfits,
  };
}

function makeBlock(types: number): Omit<HourSummary, 'bytes'> & { readonly text: Buffer } {
  const lines: string[] = [];
  let [broken, misfits] = [0, 0];
  for (let index = 0; index < BLOCK_LINES; index++) {
    if (index % BROKEN_EVERY === BROKEN_EVERY - 1) {
      lines.push(`{"log_type":"${typeName(index % types)}","user_id":"cut off in the mid`);
      broken++;
      continue;
    }
    const isMisfit = index % BROKEN_EVERY === 1;
    if (isMisfit) misfits++;
    lines.push(line(index, types, isMisfit));
  }
  return { text: Buffer.from(`${lines.join('\n')}\n`), lines: lines.length, broken, misfits };
}

/** About 420 bytes, the size of an event of an app; every sixteenth has four times as much in its JSON column. */
function line(index: number, types: number, isMisfit: boolean): string {
  const at = hourStart(HOUR).getTime() + ((index * 977) % 3_600_000);
  const word = (n: number): string => ((index * 2_654_435_761 + n * 40_503) >>> 0).toString(36);
  return JSON.stringify({
    log_type: typeName(index % types),
    ts: isMisfit ? 'yesterday' : at,
    user_id: `u-${word(1)}-${word(2)}`,
    session: `${word(3)}${word(4)}${word(5)}`,
    amount: `${index % 997}.${String(index % 100).padStart(2, '0')}`,
    score: (index % 8_191) / 64,
    ok: index % 3 === 0,
    at: new Date(at).toISOString(),
    tags: [word(6), word(7), word(8)],
    device: { os: index % 2 === 0 ? 'android' : 'ios', version: `14.${index % 9}`, screen: [1080, 2400] },
    detail: {
      page: word(9),
      referrer: `https://example.test/${word(10)}`,
      extra: word(11).repeat(index % 16 === 0 ? 200 : 8),
    },
  });
}
