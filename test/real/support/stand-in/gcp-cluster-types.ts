import { text, type ResourceTypes } from './resource-type.ts';
import type { Properties } from './wire.ts';

const CLUSTER = 'gcp:container/cluster:Cluster';
const NETWORK = 'gcp:compute/network:Network';
const ROUTER = 'gcp:compute/router:Router';

/** Puts inputs into a path: `projects/{project}/datasets/{datasetId}`. */
export const path =
  (template: string) =>
  (inputs: Properties): string =>
    template.replaceAll(/\{(\w+)\}/g, (_, key: string) => text(inputs, key));

/** The words of BigQuery, Compute Engine and GKE. */
export const alreadyExists = (id: string): string => `googleapi: Error 409: Already Exists: ${id}, duplicate`;

/** What a cluster of the program's own is made of. */
export const GCP_CLUSTER_TYPES: ResourceTypes = {
  [NETWORK]: {
    id: path('projects/{project}/global/networks/{name}'),
    replaces: ['autoCreateSubnetworks', 'name', 'project'],
    taken: alreadyExists,
  },
  'gcp:compute/subnetwork:Subnetwork': {
    id: path('projects/{project}/regions/{region}/subnetworks/{name}'),
    replaces: ['name', 'network', 'project', 'region'],
    taken: alreadyExists,
  },
  [ROUTER]: {
    id: path('projects/{project}/regions/{region}/routers/{name}'),
    replaces: ['name', 'network', 'project', 'region'],
    taken: alreadyExists,
  },
  'gcp:compute/routerNat:RouterNat': {
    id: path('{project}/{region}/{router}/{name}'),
    replaces: ['name', 'project', 'region', 'router'],
    partOf: (inputs) => ({
      type: ROUTER,
      id: path('projects/{project}/regions/{region}/routers/{router}')(inputs),
    }),
    taken: alreadyExists,
  },
  [CLUSTER]: {
    id: path('projects/{project}/locations/{location}/clusters/{name}'),
    replaces: [
      'enableAutopilot',
      'ipAllocationPolicy',
      'location',
      'name',
      'network',
      'privateClusterConfig',
      'project',
      'subnetwork',
    ],
    taken: alreadyExists,
    undeletable: ({ inputs }) =>
      inputs.deletionProtection === false
        ? undefined
        : 'Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.',
  },
};
