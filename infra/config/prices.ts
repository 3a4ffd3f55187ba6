/** A price up to a volume, both a month. */
export interface Tier {
  readonly upToGigabytes: number;
  readonly usdPerGigabyte: number;
}

/** GB in AWS's TB: the price list's own ranges end at 10240, 51200 and 153600. */
const GB_A_TB = 1024;

/**
 * S3 to the internet, by region. AWS Price List, offer AWSDataTransfer, usage type APN2-DataTransfer-Out-Bytes, as of October 2026.
 * The two lowest prices are of an undated copy of that list.
 */
const S3_TO_INTERNET: Readonly<Record<string, readonly Tier[]>> = {
  'ap-northeast-2': [
    { upToGigabytes: 10 * GB_A_TB, usdPerGigabyte: 0.126 },
    { upToGigabytes: 50 * GB_A_TB, usdPerGigabyte: 0.122 },
    { upToGigabytes: 150 * GB_A_TB, usdPerGigabyte: 0.117 },
    { upToGigabytes: Infinity, usdPerGigabyte: 0.108 },
  ],
};

/** Where the list prices of S3 are from. */
export const SOURCE_LIST = 'AWS Price List, AWSDataTransfer, October 2026';

/** The list prices of a region, or undefined where they are not known here. */
export function listedSourcePrices(awsRegion: string): readonly Tier[] | undefined {
  return S3_TO_INTERNET[awsRegion];
}

/**
 * Between Asia and North America within Google Cloud, US dollars a GiB. Google publishes no list that a program may read: the figure
 * is of cloud.google.com/storage/pricing as we remember it, and the estimate says so.
 */
const ASIA_TO_NORTH_AMERICA = 0.08;

/** Where the list price between Google's places is from. */
export const STAGING_LIST = 'cloud.google.com/storage/pricing, "Data transfer within Google Cloud"; check it';

/** "Asia" on that page; Indonesia has prices of its own. */
const ASIA = /^asia-(east[12]|northeast[123]|south[12]|southeast1)$/;
const NORTH_AMERICA = /^(US|us-[a-z]+\d|northamerica-northeast\d)$/;

/** US dollars a GB from a bucket to BigQuery, or undefined where it is not known here. */
export function listedStagingPrice(stagingLocation: string, warehouseLocation: string): number | undefined {
  if (stagingLocation === warehouseLocation) return 0;
  return ASIA.test(stagingLocation) && NORTH_AMERICA.test(warehouseLocation)
    ? ASIA_TO_NORTH_AMERICA
    : undefined;
}
