import type { Manifest, ManifestType } from '../core/manifest.ts';
import type { LogType } from '../core/schema/log-type.ts';

/** One type of one hour, about to be brought into the warehouse. */
export interface TypeWork {
  readonly manifest: Manifest;
  readonly entry: ManifestType;
  readonly logType: LogType | undefined;
}
