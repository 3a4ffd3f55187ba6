import * as pulumi from '@pulumi/pulumi';
import type { Names } from '../names.ts';
import type { Values } from './definitions.ts';
import { quantityBytes } from './quantities.ts';

/** All settings of a stack, checked, each where the program looks for it. What may be left out is absent, never ''. */
export type Config = ReturnType<typeof shape>;

/** '' in a stack file means that the setting is left out. */
function given<T extends string>(text: T): Exclude<T, ''> | undefined {
  return text === '' ? undefined : (text as Exclude<T, ''>);
}

/** Minutes of the hour, and how many: the standard lane has the second half to itself. */
const STANDARD_FROM = 30;
const STANDARD_MINUTES = 30;

/** The minute of each group of the standard lane, spread evenly over the second half of the hour. */
export function standardMinutes(groups: number): readonly number[] {
  return Array.from(
    { length: groups },
    (_, group) => STANDARD_FROM + Math.floor((group * STANDARD_MINUTES) / groups),
  );
}

/** @param environment The stack's name. */
export function shape(values: Values, environment: string, names: Names) {
  return {
    environment,
    production: values.production,
    names,
    schemasDir: values.schemasDir,
    /** `<table>@<digest>` for each break that is deliberate. */
    acceptBreaking: values.acceptBreaking,
    aws: {
      accountId: values.awsAccountId,
      region: values.awsRegion,
      source: {
        bucket: names.sourceBucket,
        adopt: values.adoptSourceBucket,
        /** '' = the bucket's root. */
        prefix: values.sourcePrefix,
        /** 0 = for ever. */
        retentionDays: values.sourceRetentionDays,
        noncurrentDays: values.sourceNoncurrentDays,
        accessLogs: values.sourceAccessLogs,
        kmsKeyArn: given(values.sourceKmsKeyArn),
      },
    },
    cluster: {
      kind: values.cluster,
      issuer: given(values.clusterIssuer),
      jwks: given(values.clusterJwks),
      adoptOidcProvider: values.adoptOidcProvider,
      /** Wrapped, so that no state and no log holds it in plain text. */
      kubeconfig: values.kubeconfig === '' ? undefined : pulumi.secret(values.kubeconfig),
      context: given(values.kubeContext),
      namespace: names.namespace,
      gke: { authorizedNetworks: values.gkeAuthorizedNetworks, masterCidr: values.gkeMasterCidr },
    },
    gcp: {
      project: values.gcpProject,
      enableApis: values.enableApis,
      staging: {
        location: values.stagingLocation,
        retentionDays: values.stagingRetentionDays,
        kmsKey: given(values.stagingKmsKey),
      },
      records: { noncurrentDays: values.recordsNoncurrentDays },
      warehouse: {
        location: values.warehouseLocation,
        tempExpirationHours: values.tempExpirationHours,
        kmsKey: given(values.warehouseKmsKey),
      },
    },
    workloads: {
      image: values.image,
      typeKey: values.typeKey,
      lookbackHours: values.lookbackHours,
      /** As the command line takes it: `3m`. */
      grace: values.grace,
      onMisfit: given(values.onMisfit),
      stagingCompression: values.stagingCompression,
      compressionLevel: values.compressionLevel,
      /** As the command line takes it: `512MiB`. */
      partSize: values.partSize,
      maxShards: values.maxShards,
      /** A second, as the command line takes it: `4MB`. */
      throughput: values.throughput,
      scratch: { quantity: values.scratchSize, bytes: quantityBytes(values.scratchSize)! },
      cpuRequest: values.cpuRequest,
      cpuLimit: values.cpuLimit,
      memory: values.memory,
      /** Of the hour, UTC. */
      minutes: {
        classifier: values.classifierMinute,
        fast: values.fastMinute,
        standard: standardMinutes(values.standardGroups),
      },
      suspend: values.suspend,
      egressCidr: values.egressCidr,
    },
    cost: {
      /** GB of 2^30 bytes; 0 = no estimate. */
      monthlyGigabytes: values.monthlyGigabytes,
      /** 0 = as much as in the source. */
      monthlyStagedGigabytes: values.monthlyStagedGigabytes,
      /** US dollars; absent = the list price. */
      sourceEgressUsdPerGb: price(values.sourceEgressUsdPerGb),
      stagingEgressUsdPerGb: price(values.stagingEgressUsdPerGb),
    },
  } as const;
}

function price(text: string): number | undefined {
  return text === '' ? undefined : Number(text);
}
