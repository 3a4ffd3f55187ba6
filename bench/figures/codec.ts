import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { eachLine } from '../equality/read-output.ts';
import { LineSum, total } from '../equality/multiset.ts';
import { ratios } from '../measure/ratios.ts';
import { logferryClassify } from '../peers/logferry.ts';
import { gzipAlone } from '../peers/text-tools.ts';
import { isMissing, type Tool } from '../peers/tool.ts';
import { hourText, type Context } from './context.ts';
import type { Figure, FigureResult } from './figure.ts';
import { assertEqual, checkClassified, rounds } from './rounds.ts';

/** How near a classification comes to what reading and writing gzip takes by itself. */
export const codecFigure: Figure = {
  name: 'codec',
  about: "classify, gzip, against gzip's own reading and writing of the same bytes",
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const hour = context.hour({ compression: 'gzip' });
  const floor = gzipAlone(hour.files);
  const about = { name: codecFigure.name, title: 'classify, gzip, over its floor', input: hourText(hour) };
  if (isMissing(floor)) return { ...about, sides: [], comparisons: [], skipped: [floor] };
  const ours = logferryClassify(hour);
  const [own, gzip] = await rounds<Tool>(
    context,
    [ours, floor],
    context.settings.pairs,
    async (tool, output) => {
      if (tool === ours) return checkClassified(hour)(ours, output);
      const sum = new LineSum();
      const file = createReadStream(join(output, 'all.ndjson.gz'));
      await eachLine(file.pipe(createGunzip()), (line) => sum.add(line));
      assertEqual(tool.name, new Map([['all', total(hour.raw)]]), new Map([['all', sum.sum]]));
    },
  );
  const comparisons = (['cpu', 'wall'] as const).map((quantity) => ({
    quantity,
    of: 'logferry / gzip',
    values: ratios(quantity, own!.runs, gzip!.runs),
  }));
  return { ...about, sides: [own!, gzip!], comparisons, skipped: [] };
}
