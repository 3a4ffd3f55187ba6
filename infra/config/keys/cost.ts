import { matches, type KeyDefinition } from '../definition.ts';

const PRICE = 'a price in US dollars such as 0.09';
const price = matches(/^\d{1,3}(\.\d{1,6})?$/, PRICE);

/** What `transferEstimate` reckons with. GB as both clouds bill it: 2^30 bytes. */
export const costKeys = {
  monthlyGigabytes: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100_000_000,
    unit: 'GB',
    description:
      'Logs a month as they lie in the source (compressed), for the estimate of transfer; 0 = no estimate.',
  },
  monthlyStagedGigabytes: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100_000_000,
    unit: 'GB',
    description:
      'The same as it lies in staging, where the source is plain or staging is; 0 = as much as in the source.',
  },
  sourceEgressUsdPerGb: {
    type: 'string',
    default: '',
    description:
      'Your price for a GB from S3 to the internet, in US dollars; empty = the list price of ap-northeast-2 (0.126 for the first 10 TB a month: AWS Price List, AWSDataTransfer, October 2026).',
    example: '0.126',
    expected: PRICE,
    check: price,
  },
  stagingEgressUsdPerGb: {
    type: 'string',
    default: '',
    description:
      'Your price for a GB from staging to the warehouse, in US dollars; empty = the list price from Asia to the US (0.08: cloud.google.com/storage/pricing, "Data transfer within Google Cloud").',
    example: '0.08',
    expected: PRICE,
    check: price,
  },
} as const satisfies Record<string, KeyDefinition>;
