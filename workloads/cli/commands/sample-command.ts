import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UsageError, type ExitCode } from '../../core/errors.ts';
import { writeLateFile, writeSample, type SampleOptions } from '../../sample/write-sample.ts';
import type { Io } from '../io.ts';
import type { GivenOptions } from '../settings.ts';
import { renderTable } from '../tables.ts';

/** The folder of the sample's middle hour: there once a sample was written. */
const MIDDLE_HOUR = '2026/11/20/15';

/** Writes the sample, or adds its late file. */
export async function sampleCommand(io: Io, options: GivenOptions): Promise<ExitCode> {
  const folder = String(options.out);
  const sample: SampleOptions = {
    folder,
    seed: whole(options.seed, '--seed'),
    linesPerHour: whole(options.lines, '--lines'),
  };
  if (options.dryRun === true) {
    io.stdout(
      `Would write ${options.late === true ? 'one late file' : `three hours of ${String(sample.linesPerHour)} lines`} below ${folder}.\n`,
    );
    return EXIT.done;
  }
  if (options.late === true) {
    if (!existsSync(join(folder, MIDDLE_HOUR)))
      throw new UsageError(`--late: expected a sample in ${folder}, found none`);
    const { key, lines } = await writeLateFile(sample);
    io.stdout(`Wrote ${join(folder, key)}: ${lines} lines that arrived late.\n`);
    return EXIT.done;
  }
  const { hours } = await writeSample(sample);
  io.stdout(
    renderTable(
      io,
      ['hour (UTC)', 'objects', 'lines', 'blank', 'broken', 'no type', 'unknown type', 'misfits'],
      hours.map(({ hour, objects, lines, blank, planted }) => [
        hour,
        objects.length,
        lines,
        blank,
        planted.broken,
        planted.untyped,
        planted.unknownType,
        Object.values(planted.misfits).reduce((sum, count) => sum + count, 0),
      ]),
    ),
  );
  io.stdout(
    `The sample is in ${folder}; "logferry run 2026-11-20T14..2026-11-20T16 --source file:${folder} ..." carries it.\n`,
  );
  return EXIT.done;
}

function whole(text: unknown, option: string): number {
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option}: expected a whole number, found "${String(text)}"`);
}
