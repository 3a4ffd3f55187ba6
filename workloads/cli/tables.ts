import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Io } from './io.ts';
import { conservationSentence, type HourReport, type RunReport, type TypeReport } from './report.ts';

/** A plain table; numbers to the right. Off a terminal it is the same without colour. */
export function renderTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const numeric = head.map(
    (_, column) =>
      rows.length > 0 && rows.every((row) => row[column] === '' || typeof row[column] === 'number'),
  );
  const table = new Table({
    head: [...head],
    style: { head: io.interactive ? ['bold'] : [], border: io.interactive ? ['grey'] : [], compact: true },
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
  });
  table.push(
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell))),
  );
  return `${table.toString()}\n`;
}

/** Type × hour as people read it; types without rows, and types of an hour that had nothing to do, are left out. */
export function renderRun(io: Io, report: RunReport): string {
  const rows = report.hours.flatMap((hour) => [
    [hour.hour, hour.epoch ?? '', 'all', hour.lines ?? '', '', '', hourState(io, hour)],
    ...hour.types
      .filter(
        ({ staged, state, note }) =>
          (hour.state === 'unchanged' ? note !== undefined : staged > 0) || state === 'failed',
      )
      .map((type) => ['', '', type.type, type.staged, type.rejected, type.loaded, typeState(io, type)]),
  ]);
  const table = renderTable(
    io,
    ['hour (UTC)', 'epoch', 'type', 'lines', 'rejected', 'loaded', 'state'],
    rows,
  );
  const noted = report.hours.some(({ types }) =>
    types.some(({ note, state }) => note !== undefined && state !== 'failed'),
  );
  const legend = noted ? '* loaded with an older schema; "logferry load HOUR --reload" brings it up\n' : '';
  return `${table}${legend}${conservationSentence(report)}\n`;
}

function hourState(
  io: Io,
  { state, shard, quarantined = 0, blank = 0, damaged = false }: HourReport,
): string {
  const color = {
    failed: 'red',
    notReady: 'yellow',
    unchanged: 'dim',
    spare: 'dim',
    waiting: 'yellow',
    done: 'green',
  } as const;
  const parts = [
    paint(io, color[state], state === 'notReady' ? 'not ready' : state),
    ...(shard === undefined ? [] : [`shard ${shard.index} of ${shard.of}`]),
    ...((shard?.missing.length ?? 0) > 0 ? [`not yet: ${shard!.missing.join(', ')}`] : []),
    ...(quarantined > 0 ? [paint(io, 'yellow', `${quarantined} quarantined`)] : []),
    ...(blank > 0 ? [`${blank} blank`] : []),
    ...(damaged ? [paint(io, 'red', 'damaged')] : []),
  ];
  return parts.join(', ');
}

function typeState(io: Io, { state, note, rejected }: TypeReport): string {
  const color =
    state === 'failed' ? 'red' : state === 'unchanged' ? 'dim' : rejected > 0 ? 'yellow' : 'green';
  return paint(io, color, note !== undefined && state !== 'failed' ? `${state} *` : state);
}

export function paint(io: Io, color: Parameters<typeof styleText>[0], text: string): string {
  return io.interactive ? styleText(color, text) : text;
}
