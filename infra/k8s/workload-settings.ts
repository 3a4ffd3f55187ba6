import * as pulumi from '@pulumi/pulumi';
import { environmentName, type SettingName } from '../../workloads/core/settings.ts';
import { SCHEMAS_FOLDER, SCRATCH_FOLDER } from './pod-spec.ts';
import { RUN_DEADLINE_SECONDS } from './run-window.ts';

/** What both workloads are told, as the command line spells it. */
export interface RoadSettings {
  readonly staging: pulumi.Input<string>;
  readonly records: pulumi.Input<string>;
  readonly typeKey: string;
  readonly lookbackHours: number;
  readonly grace: string;
  readonly stagingCompression: string;
  readonly compressionLevel: number;
  readonly partSize: string;
  readonly scratchBytes: number;
}

/** How the classifier spreads large hours. */
export interface ShardSettings {
  readonly maxShards: number;
  /** Bytes a second, as the command line takes it: `4MB`. */
  readonly throughput: string;
  /** When the classifier begins and the first loader follows, past each hour. */
  readonly minutes: { readonly classifier: number; readonly fast: number };
}

/** Environment variables and their values. */
export type Environment = Readonly<Record<string, pulumi.Input<string>>>;

const SECONDS_A_MINUTE = 60;

type Values = Partial<Record<SettingName, pulumi.Input<string> | undefined>>;

/** What the classifier is told besides. */
export function classifierEnvironment(
  road: RoadSettings,
  own: ShardSettings & { readonly source: pulumi.Input<string> },
): Environment {
  const { source, maxShards, throughput, minutes } = own;
  return named({
    ...shared(road),
    source,
    shards: String(maxShards),
    throughput,
    // Half of the time until the first loader: a pod starts late, and a shard that died begins again.
    shardTime: `${(minutes.fast - minutes.classifier) * (SECONDS_A_MINUTE / 2)}s`,
  });
}

/** What the loader is told besides; lane and types are arguments of each CronJob. */
export function loaderEnvironment(
  road: RoadSettings,
  own: { readonly warehouse: pulumi.Input<string>; readonly onMisfit?: string | undefined },
): Environment {
  return named({ ...shared(road), warehouse: own.warehouse, onMisfit: own.onMisfit });
}

/** `s3://bucket/prefix`. @param prefix Without slashes at its ends; '' = the bucket itself. */
export function sourceUrl(bucket: pulumi.Input<string>, prefix: string): pulumi.Output<string> {
  return pulumi.interpolate`s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}

/** `gs://bucket`. */
export function bucketUrl(bucket: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`gs://${bucket}`;
}

/** `bigquery://project?raw=...&temp=...&ops=...&location=...`, by ids of datasets. */
export function warehouseUrl(warehouse: {
  readonly project: pulumi.Input<string>;
  readonly raw: pulumi.Input<string>;
  readonly loadTemp: pulumi.Input<string>;
  readonly ops: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
}): pulumi.Output<string> {
  const { project, raw, loadTemp, ops, location } = warehouse;
  return pulumi.interpolate`bigquery://${project}?raw=${raw}&temp=${loadTemp}&ops=${ops}&location=${location}`;
}

function shared(road: RoadSettings): Values {
  return {
    staging: road.staging,
    records: road.records,
    schemas: SCHEMAS_FOLDER,
    typeKey: road.typeKey,
    lookback: String(road.lookbackHours),
    grace: road.grace,
    deadline: `${RUN_DEADLINE_SECONDS}s`,
    compression: road.stagingCompression,
    level: String(road.compressionLevel),
    partSize: road.partSize,
    scratch: SCRATCH_FOLDER,
    // The workload stops at 90 % of it and says why; a pod over its volume's limit is evicted and cannot.
    scratchLimit: String(road.scratchBytes),
  };
}

function named(values: Values): Environment {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[environmentName(name as SettingName), value]],
    ),
  );
}
