import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { Config } from './config.ts';
import { AutopilotCluster } from './gcp/autopilot-cluster.ts';
import { gkeProject } from './gcp/gke-issuer.ts';
import { imageRepository } from './gcp/image-repository.ts';
import { labels } from './providers.ts';

/** The cluster that the workloads run in, as the rest of the program needs it. */
export interface Cluster {
  /** The `iss` claim of its tokens. */
  readonly issuer: pulumi.Input<string>;
  /** `<project>.svc.id.goog` where the cluster is a GKE one: its pods get Google's tokens from the metadata server. */
  readonly workloadPool: pulumi.Input<string> | undefined;
  readonly options: pulumi.ComponentResourceOptions;
}

/** GKE's default: releases some weeks old, upgraded by itself. */
const RELEASE_CHANNEL = 'REGULAR';

/** The configured cluster: an existing one, or a new one of the program's own. */
export function clusterOf(config: Config, google: pulumi.ComponentResourceOptions): Cluster {
  return config.cluster.kind === 'existing' ? existingCluster(config) : newCluster(config, google);
}

/**
 * The provider takes the issuer for the cluster's identity. Without one it takes the server's address, so that another way to the
 * same cluster (a proxy, a renewed certificate) would replace everything in it.
 */
function existingCluster({ cluster }: Config): Cluster {
  const { issuer = '', kubeconfig, context } = cluster;
  const project = gkeProject(issuer);
  const provider = new k8s.Provider('kubernetes', {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
    clusterIdentifier: issuer,
    enableServerSideApply: true,
  });
  return {
    issuer,
    workloadPool: project === undefined ? undefined : `${project}.svc.id.goog`,
    options: { providers: [provider] },
  };
}

function newCluster(config: Config, google: pulumi.ComponentResourceOptions): Cluster {
  const { gke } = config.cluster;
  const made = new AutopilotCluster(
    'cluster',
    {
      project: config.gcp.project,
      clusterName: config.names.cluster,
      location: config.gcp.staging.location,
      nodeAccountId: config.names.nodeServiceAccount,
      masterCidr: gke.masterCidr,
      authorizedNetworks: gke.authorizedNetworks,
      releaseChannel: RELEASE_CHANNEL,
      imageRepository: imageRepository(config.workloads.image),
      protect: config.production,
      labels: labels(config),
    },
    google,
  );
  const provider = new k8s.Provider('kubernetes', {
    kubeconfig: made.kubeconfig,
    clusterIdentifier: made.issuer,
    enableServerSideApply: true,
  });
  return { issuer: made.issuer, workloadPool: made.workloadPool, options: { providers: [provider] } };
}
