import { RANGES } from '../../gcp/cluster-ranges.ts';
import { isWithin } from '../network.ts';
import { listedSourcePrices, listedStagingPrice } from '../prices.ts';
import { shown } from '../read.ts';
import { rule, type Rule } from './rule.ts';

/** The location in `projects/<project>/locations/<location>/keyRings/...`. */
function keyLocation(kmsKey: string): string | undefined {
  return kmsKey.split('/')[3];
}

/** The range of a cluster of the program's own that all of `cidr` lies in. */
function takenRange(cidr: string): string | undefined {
  const taken = Object.entries(RANGES).find(([, range]) => isWithin(cidr, range));
  return taken === undefined ? undefined : `${taken[1]}, which is of its ${taken[0]}`;
}

/** A key lives where what it encrypts lives, and a price belongs to a place. */
export const placeRules: readonly Rule[] = [
  rule(['cluster', 'gkeMasterCidr'], ({ cluster, gkeMasterCidr }) => {
    const taken = cluster === 'gke-autopilot' ? takenRange(gkeMasterCidr) : undefined;
    return taken === undefined
      ? undefined
      : {
          key: 'gkeMasterCidr',
          expected: `a range that no other part of the cluster's network uses, not one in ${taken}`,
          found: shown(gkeMasterCidr),
          way: 'pulumi config rm gkeMasterCidr for 172.16.0.0/28, or name another',
        };
  }),
  rule(['sourceKmsKeyArn', 'awsRegion'], ({ sourceKmsKeyArn, awsRegion }) =>
    sourceKmsKeyArn === '' || sourceKmsKeyArn.split(':')[3] === awsRegion
      ? undefined
      : {
          key: 'sourceKmsKeyArn',
          expected: `a key in awsRegion (${awsRegion}), for S3 takes only keys of the bucket's region`,
          found: shown(sourceKmsKeyArn),
          way: 'name another key, or replicate this one (aws kms replicate-key)',
        },
  ),
  rule(['stagingKmsKey', 'stagingLocation'], ({ stagingKmsKey, stagingLocation }) =>
    stagingKmsKey === '' || keyLocation(stagingKmsKey) === stagingLocation
      ? undefined
      : {
          key: 'stagingKmsKey',
          expected: `a key in stagingLocation (${stagingLocation}), for Cloud Storage takes only keys of the bucket's location`,
          found: shown(stagingKmsKey),
          way: `name another key: gcloud kms keys list --location ${stagingLocation} --keyring <ring>`,
        },
  ),
  rule(['warehouseKmsKey', 'warehouseLocation'], ({ warehouseKmsKey, warehouseLocation }) => {
    // The multi-regions US and EU have their keys in the locations us and europe (BigQuery, "Customer-managed encryption keys").
    const wanted = warehouseLocation === 'EU' ? 'europe' : warehouseLocation.toLowerCase();
    return warehouseKmsKey === '' || keyLocation(warehouseKmsKey) === wanted
      ? undefined
      : {
          key: 'warehouseKmsKey',
          expected: `a key in the location ${wanted}, as BigQuery asks for datasets in ${warehouseLocation}`,
          found: shown(warehouseKmsKey),
          way: `name another key: gcloud kms keys list --location ${wanted} --keyring <ring>`,
        };
  }),
  rule(
    ['sourceEgressUsdPerGb', 'monthlyGigabytes', 'awsRegion'],
    ({ sourceEgressUsdPerGb, monthlyGigabytes, awsRegion }) =>
      monthlyGigabytes === 0 || sourceEgressUsdPerGb !== '' || listedSourcePrices(awsRegion) !== undefined
        ? undefined
        : {
            key: 'sourceEgressUsdPerGb',
            expected: `a price for ${awsRegion}, whose list price is not known here`,
            found: 'nothing',
            way: 'take it from aws.amazon.com/s3/pricing, "Data transfer out to internet", or set monthlyGigabytes to 0 for no estimate',
          },
  ),
  rule(
    ['stagingEgressUsdPerGb', 'monthlyGigabytes', 'stagingLocation', 'warehouseLocation'],
    ({ stagingEgressUsdPerGb, monthlyGigabytes, stagingLocation, warehouseLocation }) =>
      monthlyGigabytes === 0 ||
      stagingEgressUsdPerGb !== '' ||
      listedStagingPrice(stagingLocation, warehouseLocation) !== undefined
        ? undefined
        : {
            key: 'stagingEgressUsdPerGb',
            expected: `a price from ${stagingLocation} to ${warehouseLocation}, whose list price is not known here`,
            found: 'nothing',
            way: 'take it from cloud.google.com/storage/pricing, "Data transfer within Google Cloud", or set monthlyGigabytes to 0 for no estimate',
          },
  ),
];
