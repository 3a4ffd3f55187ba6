import { at, list, ofType, type Rule } from './rule.ts';

// Sources: checkov/terraform/checks/resource/gcp/GKE*.py. Judged as the scanner does it, by what is written: what Autopilot does by
// itself, and refuses to be told, still fails; docs/security.md then says so.

const CLUSTER_TYPE = 'gcp:container/cluster:Cluster';
const NODE_POOL_TYPE = 'gcp:container/nodePool:NodePool';
const CLUSTER = ofType(CLUSTER_TYPE);
const NODE_POOL = ofType(NODE_POOL_TYPE);

/** Only what describes its nodes is judged by the rules on nodes; where nothing does, the scanner says "unknown". */
const NODES: Rule['judges'] = (resource) =>
  ofType(CLUSTER_TYPE, NODE_POOL_TYPE)(resource) && resource.inputs.nodeConfig !== undefined;

function is(path: string, expected: unknown): Rule['holds'] {
  return ({ inputs }) => at(inputs, path) === expected;
}

function isNot(path: string, forbidden: unknown): Rule['holds'] {
  return ({ inputs }) => at(inputs, path) !== forbidden;
}

function isThere(path: string): Rule['holds'] {
  return ({ inputs }) => at(inputs, path) !== undefined;
}

const openToNobody: Rule['holds'] = ({ inputs }) =>
  !list(at(inputs, 'masterAuthorizedNetworksConfig.cidrBlocks')).some((block) =>
    ['0.0.0.0/0', '::/0'].includes(String(at(block, 'cidrBlock'))),
  );

const labelled: Rule['holds'] = ({ inputs }) => Object.keys(inputs.resourceLabels ?? {}).length > 0;

/** Rules on the optional cluster. */
export const GKE_RULES: readonly Rule[] = [
  { id: 'CKV_GCP_1', judges: CLUSTER, holds: isNot('loggingService', 'none') },
  { id: 'CKV_GCP_7', judges: CLUSTER, holds: isNot('enableLegacyAbac', true) },
  { id: 'CKV_GCP_8', judges: CLUSTER, holds: isNot('monitoringService', 'none') },
  { id: 'CKV_GCP_9', judges: NODE_POOL, holds: is('management.autoRepair', true) },
  { id: 'CKV_GCP_10', judges: NODE_POOL, holds: is('management.autoUpgrade', true) },
  { id: 'CKV_GCP_12', judges: CLUSTER, holds: is('networkPolicy.enabled', true) },
  {
    id: 'CKV_GCP_13',
    judges: CLUSTER,
    holds: is('masterAuth.clientCertificateConfig.issueClientCertificate', false),
  },
  { id: 'CKV_GCP_18', judges: CLUSTER, holds: openToNobody },
  { id: 'CKV_GCP_20', judges: CLUSTER, holds: isThere('masterAuthorizedNetworksConfig') },
  { id: 'CKV_GCP_21', judges: CLUSTER, holds: labelled },
  {
    id: 'CKV_GCP_22',
    judges: NODE_POOL,
    holds: ({ inputs }) => String(at(inputs, 'nodeConfig.imageType')).toLowerCase().startsWith('cos'),
  },
  { id: 'CKV_GCP_23', judges: CLUSTER, holds: isThere('ipAllocationPolicy') },
  { id: 'CKV_GCP_24', judges: CLUSTER, holds: is('podSecurityPolicyConfig.enabled', true) },
  { id: 'CKV_GCP_25', judges: CLUSTER, holds: isThere('privateClusterConfig') },
  { id: 'CKV_GCP_61', judges: CLUSTER, holds: is('enableIntranodeVisibility', true) },
  // Stricter than the scanner, which is content with the block: the nodes themselves must be private.
  { id: 'CKV_GCP_64', judges: CLUSTER, holds: is('privateClusterConfig.enablePrivateNodes', true) },
  { id: 'CKV_GCP_65', judges: CLUSTER, holds: isThere('authenticatorGroupsConfig.securityGroup') },
  {
    id: 'CKV_GCP_66',
    judges: CLUSTER,
    holds: is('binaryAuthorization.evaluationMode', 'PROJECT_SINGLETON_POLICY_ENFORCE'),
  },
  { id: 'CKV_GCP_68', judges: NODES, holds: is('nodeConfig.shieldedInstanceConfig.enableSecureBoot', true) },
  // Fails without a description of nodes too.
  {
    id: 'CKV_GCP_69',
    judges: ofType(CLUSTER_TYPE, NODE_POOL_TYPE),
    holds: is('nodeConfig.workloadMetadataConfig.mode', 'GKE_METADATA'),
  },
  { id: 'CKV_GCP_70', judges: CLUSTER, holds: isThere('releaseChannel.channel') },
  { id: 'CKV_GCP_71', judges: CLUSTER, holds: is('enableShieldedNodes', true) },
  {
    id: 'CKV_GCP_72',
    judges: NODES,
    holds: isNot('nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring', false),
  },
];
