/** One step of visible work: bytes read of a known total while classifying, types done while loading. */
export interface ProgressEvent {
  readonly phase: 'classify' | 'load';
  readonly hour: string;
  /** Bytes of source objects (classify) or finished types (load). */
  readonly done: number;
  readonly total: number;
  readonly detail?: string;
}

export type Progress = (event: ProgressEvent) => void;

export const noProgress: Progress = () => undefined;
