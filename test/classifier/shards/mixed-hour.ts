import { gzipSync } from 'node:zlib';
import type { ClassifiedShard } from '../../../workloads/classifier/shards/classify-shard.ts';
import type { Manifest } from '../../../workloads/core/manifest.ts';
import { HourBench, lineOf } from '../../support/hour-bench.ts';
import { tempFolder } from '../../support/temp.ts';

export const A = (n: number): string => `${lineOf('a', { n })}\n`;
export const B = (n: number): string => `${lineOf('b', { n })}\n`;

/** Objects with everything that counts: types, blanks, lines without a type, a type key twice, a broken object. */
export function putMixed(hour: HourBench): void {
  hour.put('1.json', `${A(1)}\n${B(1)}not an object\n`);
  hour.put('2.json.gz', gzipSync(A(2) + `{"log_type":"nobody","log_type":"a","n":3}\n`));
  hour.put('3.json.gz', gzipSync(A(4).repeat(50)).subarray(0, 40));
  hour.put('4.json', `${lineOf('nobody')}\n${B(5)}`);
  hour.put('5.json', `${A(6)}{}\n \n`);
}

/** An hour of these objects whose types are a, b and one without rows. */
export function mixedHour(): HourBench {
  const hour = new HourBench(tempFolder(), 'a', 'b', 'c');
  putMixed(hour);
  return hour;
}

/** An hour of `objects` objects with a line of type a each. */
export function plainHour(objects: number): HourBench {
  const hour = new HourBench(tempFolder(), 'a');
  for (let n = 1; n <= objects; n++) hour.put(`${n}.json`, A(n));
  return hour;
}

/** All of a manifest that does not depend on how many shards there were: rows and bytes of types, not how they were cut into parts. */
export function withoutParts(manifest: Manifest): object {
  return { ...manifest, types: manifest.types.map((entry) => ({ ...entry, objects: [] })) };
}

/** @returns The manifest that the hour was committed with. */
export function committed(result: ClassifiedShard): Manifest {
  if (!('manifest' in result)) throw new Error(`expected a manifest, found ${result.outcome}`);
  return result.manifest;
}

/** What a shard's process says, without its manifest or record: `committed`, or `waiting 0 2`. */
export function said(result: ClassifiedShard): string {
  return 'missing' in result ? [result.outcome, ...result.missing].join(' ') : result.outcome;
}
