import { labelValue } from '../core/labels.ts';
import type { JobLabels } from '../core/ports/warehouse.ts';
import type { TypeWork } from './type-work.ts';

/** Type, hour and epoch on every job of a type's load: what a project's jobs cost is told by them. */
export function jobLabels({ manifest, entry }: Pick<TypeWork, 'manifest' | 'entry'>): JobLabels {
  return {
    log_type: labelValue(entry.type),
    folder_hour: labelValue(manifest.hour),
    epoch: String(manifest.epoch),
  };
}
