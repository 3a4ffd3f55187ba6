import { parseHour, type FolderHour } from '../core/hour.ts';
import type { MisfitShares } from './deck.ts';
import type { ObjectForm } from './objects.ts';

/** One hour of the sample: its objects, and what is wrong with its rows. */
export interface HourPlan {
  readonly hour: FolderHour;
  readonly objects: readonly ObjectForm[];
  readonly misfitShares: MisfitShares;
  /** Log types that do not occur in it. */
  readonly without: readonly string[];
}

const USUAL: Omit<ObjectForm, 'name'> = {
  packing: 'gzip',
  members: 1,
  lineEnd: '\n',
  bom: false,
  finalNewline: true,
};

/**
 * Three hours of a Friday evening in Korea. Midnight there is 15:00 UTC, so the day changes between the first and the second
 * folder; and as rows spill over into the folder before, `event_day_kst` and `folder_hour` disagree, as they do in earnest.
 * Names say as little of the packing as in real buckets: a zstd object is called `.json`, for only its first bytes count.
 */
export const HOURS: readonly HourPlan[] = [
  {
    hour: parseHour('2026-11-20T14'),
    objects: [
      { ...USUAL, name: 'firehose-1-2026-11-20-14-03-00-0b1c.json.gz' },
      { ...USUAL, name: 'firehose-1-2026-11-20-14-33-00-7e42.json', packing: 'zstd' },
      // Exported by hand on a Windows machine.
      { ...USUAL, name: 'manual-export.json', packing: 'plain', bom: true },
    ],
    misfitShares: { purchase: 0.012, chat_message: 0.004, session_start: 0.005 },
    without: [],
  },
  {
    hour: parseHour('2026-11-20T15'),
    objects: [
      { ...USUAL, name: 'firehose-1-2026-11-20-15-03-00-c9d0.json.gz', members: 2 },
      { ...USUAL, name: 'firehose-1-2026-11-20-15-33-00-13aa.json', packing: 'plain', finalNewline: false },
    ],
    // An ad server's bad release: close below the 5 % at which the whole hour of the type would stay unloaded.
    misfitShares: { ad_impression: 0.045, purchase: 0.008, refund: 0.015 },
    without: [],
  },
  {
    hour: parseHour('2026-11-20T16'),
    objects: [
      { ...USUAL, name: 'firehose-1-2026-11-20-16-03-00-5f77.json.gz', lineEnd: '\r\n' },
      { ...USUAL, name: 'firehose-1-2026-11-20-16-23-00-2d08.json.gz', members: 2 },
      { ...USUAL, name: 'firehose-1-2026-11-20-16-43-00-98e1.json', packing: 'zstd' },
    ],
    misfitShares: { 'order/created': 0.02, chat_message: 0.003 },
    // Nobody was paid back at one in the morning: a type without rows is normal, and is listed with 0.
    without: ['refund'],
  },
];

/** The middle hour's straggler: phones that were offline. Only three types, so that the others stay as they are. */
export const LATE = {
  hour: parseHour('2026-11-20T15'),
  object: { ...USUAL, name: 'firehose-1-2026-11-20-17-41-00-late.json.gz' },
  types: ['session_end', 'chat_message', 'purchase'],
  arrived: new Date('2026-11-20T17:42:00Z'),
} as const;
