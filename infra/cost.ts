import {
  listedSourcePrices,
  listedStagingPrice,
  SOURCE_LIST,
  STAGING_LIST,
  type Tier,
} from './config/prices.ts';
import type { Config } from './config/shape.ts';
import { gkeProject } from './gcp/gke-issuer.ts';

/** What carrying logs between two places costs a month. */
export interface TransferLeg {
  readonly from: string;
  readonly to: string;
  /** GB of 2^30 bytes, as both clouds bill them. */
  readonly gigabytes: number;
  readonly usd: number;
  /** `0.126 US dollars a GB`, and where that is from. */
  readonly price: string;
}

/** An estimate of what the configured volume costs on its way, a month. Rounded to cents; the sum is that of the legs. */
export interface TransferEstimate {
  readonly sourceToStaging: TransferLeg;
  readonly stagingToWarehouse: TransferLeg;
  readonly totalUsd: number;
  /** What the figures take for granted, and what they leave out. */
  readonly assumptions: readonly string[];
}

/** The part of the settings that it costs by. */
type Costs = Pick<Config, 'cost'> & {
  readonly cluster: Pick<Config['cluster'], 'kind' | 'issuer'>;
  readonly aws: Pick<Config['aws'], 'region'>;
  readonly gcp: {
    readonly staging: Pick<Config['gcp']['staging'], 'location'>;
    readonly warehouse: Pick<Config['gcp']['warehouse'], 'location'>;
  };
};

/** What the configured volume costs on its way from S3 to BigQuery; null where none is configured. */
export function transferEstimate({ cost, cluster, aws, gcp }: Costs): TransferEstimate | null {
  const { monthlyGigabytes, monthlyStagedGigabytes } = cost;
  if (monthlyGigabytes === 0) return null;
  const staged = monthlyStagedGigabytes === 0 ? monthlyGigabytes : monthlyStagedGigabytes;
  const sourceToStaging = sourceLeg(
    cost.sourceEgressUsdPerGb,
    monthlyGigabytes,
    aws.region,
    gcp.staging.location,
  );
  const stagingToWarehouse = stagingLeg(
    cost.stagingEgressUsdPerGb,
    staged,
    gcp.staging.location,
    gcp.warehouse.location,
  );
  return {
    sourceToStaging,
    stagingToWarehouse,
    totalUsd: cents(sourceToStaging.usd + stagingToWarehouse.usd),
    assumptions: [
      'Each source object leaves AWS once, and each staged part is loaded once; replays and reloads come on top.',
      monthlyStagedGigabytes === 0
        ? 'Staging holds as many bytes as the source; set logferry:monthlyStagedGigabytes where one of them is not compressed.'
        : `Staging holds the ${monthlyStagedGigabytes} GB of logferry:monthlyStagedGigabytes.`,
      ...(isOutsideGoogle(cluster)
        ? [
            "The loader reads staging for the row check from outside Google Cloud: that is Google's price to the internet besides, about 0.12 to 0.15 US dollars a GB, and not in it.",
          ]
        : []),
      'Nothing is taken off for the 100 GB a month that AWS gives each account, or for any discount.',
      'Storage, requests, queries, NAT gateways and the cluster are not in it.',
    ],
  };
}

function isOutsideGoogle({ kind, issuer = '' }: Costs['cluster']): boolean {
  return kind === 'existing' && gkeProject(issuer) === undefined;
}

function sourceLeg(own: number | undefined, gigabytes: number, region: string, staging: string): TransferLeg {
  const places = { from: `s3 ${region}`, to: `gcs ${staging}`, gigabytes };
  if (own !== undefined) return { ...places, usd: cents(gigabytes * own), price: ownPrice(own) };
  const tiers = listedSourcePrices(region);
  if (tiers === undefined) throw unknownPrice(region, staging);
  return {
    ...places,
    usd: cents(tieredUsd(gigabytes, tiers)),
    price: `${tiers[0]!.usdPerGigabyte} US dollars a GB, less from 10 TB on (list price: ${SOURCE_LIST})`,
  };
}

function stagingLeg(
  own: number | undefined,
  gigabytes: number,
  staging: string,
  warehouse: string,
): TransferLeg {
  const places = { from: `gcs ${staging}`, to: `bigquery ${warehouse}`, gigabytes };
  if (own !== undefined) return { ...places, usd: cents(gigabytes * own), price: ownPrice(own) };
  const listed = listedStagingPrice(staging, warehouse);
  if (listed === undefined) throw unknownPrice(staging, warehouse);
  return {
    ...places,
    usd: cents(gigabytes * listed),
    price: `${listed} US dollars a GB (list price: ${STAGING_LIST})`,
  };
}

/** The rules of the settings ask for a price before it comes to this. */
function unknownPrice(from: string, to: string): Error {
  return new Error(`estimating transfer: no price from ${from} to ${to} is known, and none was set`);
}

function ownPrice(usd: number): string {
  return `${usd} US dollars a GB (yours)`;
}

/** Each part of the volume at the price of its tier. */
function tieredUsd(gigabytes: number, tiers: readonly Tier[]): number {
  return tiers.reduce((usd, { upToGigabytes, usdPerGigabyte }, index) => {
    const from = tiers[index - 1]?.upToGigabytes ?? 0;
    return usd + Math.max(0, Math.min(gigabytes, upToGigabytes) - from) * usdPerGigabyte;
  }, 0);
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
