import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { RANGES } from './cluster-ranges.ts';

export const SECONDARY_RANGES = { pods: 'pods', services: 'services' } as const;

export interface ClusterNetworkArgs {
  readonly project: pulumi.Input<string>;
  /** Of the network, and the beginning of its parts' names. */
  readonly networkName: string;
  readonly region: pulumi.Input<string>;
}

export interface ClusterNetwork {
  readonly network: gcp.compute.Network;
  readonly subnetwork: gcp.compute.Subnetwork;
  /** The way out; without it the nodes reach Google's services and nothing else. */
  readonly nat: gcp.compute.RouterNat;
}

/** A network for nodes without public addresses: out by NAT (to S3 and AWS's STS), to Google's services directly, in by nobody. */
export function clusterNetwork(
  name: string,
  { project, networkName, region }: ClusterNetworkArgs,
  parent: pulumi.Resource,
): ClusterNetwork {
  const network = new gcp.compute.Network(
    `${name}-network`,
    { project, name: networkName, autoCreateSubnetworks: false, routingMode: 'REGIONAL' },
    { parent },
  );
  const subnetwork = new gcp.compute.Subnetwork(
    `${name}-subnetwork`,
    {
      project,
      name: `${networkName}-nodes`,
      region,
      network: network.id,
      ipCidrRange: RANGES.nodes,
      secondaryIpRanges: [
        { rangeName: SECONDARY_RANGES.pods, ipCidrRange: RANGES.pods },
        { rangeName: SECONDARY_RANGES.services, ipCidrRange: RANGES.services },
      ],
      privateIpGoogleAccess: true,
      // A twentieth of the flows each ten minutes: enough to see where pods talk to, at a few cents a month.
      logConfig: {
        aggregationInterval: 'INTERVAL_10_MIN',
        flowSampling: 0.05,
        metadata: 'INCLUDE_ALL_METADATA',
      },
    },
    { parent },
  );
  const router = new gcp.compute.Router(
    `${name}-router`,
    { project, name: `${networkName}-router`, region, network: network.id },
    { parent },
  );
  const nat = new gcp.compute.RouterNat(
    `${name}-nat`,
    {
      project,
      name: `${networkName}-nat`,
      region,
      router: router.name,
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    },
    { parent },
  );
  return { network, subnetwork, nat };
}
