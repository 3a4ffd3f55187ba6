import type { Clock } from '../core/ports/clock.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { Progress } from '../core/ports/progress.ts';
import type { Warehouse } from '../core/ports/warehouse.ts';
import type { OnMisfit } from '../core/schema/log-type.ts';
import type { SchemaSet } from '../core/schema/schema-set.ts';
import type { Scratch } from '../core/scratch/scratch.ts';
import type { Compression } from '../core/compression/block-encoder.ts';
import type { HourWindow } from './hour-window.ts';

/** What a load needs of the world. */
export interface LoaderContext {
  readonly staging: ObjectStore;
  readonly records: ObjectStore;
  readonly warehouse: Warehouse;
  readonly schemas: SchemaSet;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly scratch: Scratch;
  /** Of load copies. */
  readonly compression: Compression;
  /** Replaces every type's own `onMisfit` for this run. */
  readonly onMisfit: OnMisfit | undefined;
  /** Load only types of this lane, or all. */
  readonly lane: 'fast' | 'standard' | 'all';
  /** Load only these types; empty = all. */
  readonly only: readonly string[];
  /** Load again what is committed already, as the next revision. */
  readonly reload: boolean;
  /** What the warehouse says of all hours of this run; an hour that is loaded alone asks for itself. */
  readonly window?: HourWindow;
}
