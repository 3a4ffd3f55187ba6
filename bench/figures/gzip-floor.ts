import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { LineSum, total } from '../equality/multiset.ts';
import { eachLine } from '../equality/read-output.ts';
import type { GeneratedHour } from '../generate/write-hour.ts';
import { assertEqual } from './rounds.ts';

/** Compares what gzip alone wrote with the lines of the hour, all in one file. @throws UnequalError */
export async function checkFloor(name: string, hour: GeneratedHour, output: string): Promise<void> {
  const sum = new LineSum();
  const file = createReadStream(join(output, 'all.ndjson.gz'));
  await eachLine(file.pipe(createGunzip()), (line) => sum.add(line));
  assertEqual(name, new Map([['all', total(hour.raw)]]), new Map([['all', sum.sum]]));
}
