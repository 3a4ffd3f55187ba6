import { classifyFigures } from './classify-duckdb.ts';
import { otherFigures } from './classify-others.ts';
import { rowCheckFigure } from './row-check.ts';
import { loadFigure } from './load.ts';
import { runFigure } from './run.ts';
import { memoryFigure } from './memory.ts';
import { growthFigure } from './growth.ts';
import type { Figure } from './figure.ts';

/** Every figure, in the order in which they are measured and told. */
export const FIGURES: readonly Figure[] = [
  ...classifyFigures,
  ...otherFigures,
  rowCheckFigure,
  loadFigure,
  runFigure,
  memoryFigure,
  growthFigure,
];
