import type { Quantity } from '../measure/ratios.ts';
import type { Usage } from '../measure/command.ts';
import type { Missing } from '../peers/tool.ts';
import type { Context } from './context.ts';

/** What is promised of a ratio. */
export interface Bar {
  readonly at: 'least' | 'most';
  readonly value: number;
}

/** A tool's runs in one figure. */
export interface Side {
  readonly name: string;
  readonly version: string;
  readonly command: string;
  readonly runs: readonly Usage[];
}

/** One quantity of two sides, pair by pair. */
export interface Comparison {
  readonly quantity: Quantity | 'MB/s' | 'MiB' | 'speed';
  /** What over what: `DuckDB / logferry`. */
  readonly of: string;
  readonly values: readonly number[];
  readonly bar?: Bar;
}

/** Rows of a figure that is more than a ratio. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a figure found. */
export interface FigureResult {
  readonly name: string;
  readonly title: string;
  /** What was carried. */
  readonly input: string;
  readonly sides: readonly Side[];
  readonly comparisons: readonly Comparison[];
  readonly skipped: readonly Missing[];
  readonly table?: Table;
}

/** One figure of the bench. */
export interface Figure {
  readonly name: string;
  /** A line of `--help`. */
  readonly about: string;
  /** Why it is measured only where it is asked for, by name or by --full. */
  readonly leftOut?: string;
  readonly run: (context: Context) => Promise<FigureResult>;
}
