import type { Overrides } from '../program.ts';

/** What production adds to its file to have all that the program can do for its safety, shards, and a cluster of its own. */
export const EVERY_SWITCH: Overrides = {
  'logferry:sourceAccessLogs': 'true',
  'logferry:sourceKmsKeyArn':
    'arn:aws:kms:ap-northeast-2:222222222222:key/00000000-0000-0000-0000-000000000000',
  'logferry:stagingKmsKey': 'projects/keys/locations/asia-northeast3/keyRings/logferry/cryptoKeys/staging',
  'logferry:warehouseKmsKey': 'projects/keys/locations/us/keyRings/logferry/cryptoKeys/warehouse',
  'logferry:maxShards': '4',
  'logferry:cluster': 'gke-autopilot',
  'logferry:clusterIssuer': undefined,
  'logferry:kubeContext': undefined,
};
