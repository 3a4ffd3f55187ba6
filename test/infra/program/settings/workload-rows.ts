import { IMAGE } from './fixtures.ts';
import {
  at,
  CONTAINER,
  CRON_JOBS,
  cronJob,
  LOADERS,
  output,
  POD,
  pods,
  QUOTA,
  type Row,
  schedule,
  variable,
} from './row.ts';

/** Three CronJobs, four Jobs by hand, and the classifier's two shards beside its first. */
const PODS = 9;

/** What runs, and what it costs. */
export const workloadRows: readonly Row[] = [
  ['image', IMAGE, [pods('image', IMAGE)]],
  ['typeKey', 'kind', [variable('TYPE_KEY', 'kind')]],
  ['lookbackHours', '72', [variable('LOOKBACK', '72')]],
  ['grace', '2m', [variable('GRACE', '2m')]],
  [
    'onMisfit',
    'setAside:7%',
    [variable('ON_MISFIT', 'setAside:7%', LOADERS), variable('ON_MISFIT', undefined, cronJob('classifier'))],
  ],
  ['stagingCompression', 'none', [variable('STAGING_COMPRESSION', 'none')]],
  ['compressionLevel', '6', [variable('COMPRESSION_LEVEL', '6')]],
  ['partSize', '256MiB', [variable('PART_SIZE', '256MiB')]],
  [
    'maxShards',
    '3',
    [
      variable('SHARDS', '3', cronJob('classifier')),
      variable('SHARDS', undefined, LOADERS),
      at(cronJob('classifier'), 'spec/jobTemplate/spec/completionMode', 'Indexed'),
      at(cronJob('classifier'), 'spec/jobTemplate/spec/completions', 3),
      at(cronJob('classifier'), 'spec/jobTemplate/spec/parallelism', 3),
      at(LOADERS, 'spec/jobTemplate/spec/completions', 1),
      at(QUOTA, 'spec/hard/pods', String(PODS)),
    ],
  ],
  ['throughput', '12MB', [variable('THROUGHPUT', '12MB', cronJob('classifier'))]],
  [
    'scratchSize',
    '3Gi',
    [
      variable('SCRATCH_LIMIT', String(3 * 2 ** 30)),
      at(CRON_JOBS, `${POD}/volumes/scratch/emptyDir/sizeLimit`, '3Gi'),
      pods('resources/requests/ephemeral-storage', '3200Mi'),
      pods('resources/limits/ephemeral-storage', '3200Mi'),
      at(QUOTA, 'spec/hard/requests.ephemeral-storage', `${PODS * 3200}Mi`),
    ],
  ],
  [
    'cpuRequest',
    '200m',
    [pods('resources/requests/cpu', '200m'), at(QUOTA, 'spec/hard/requests.cpu', `${PODS * 200}m`)],
  ],
  ['cpuLimit', '3', [pods('resources/limits/cpu', '3'), at(QUOTA, 'spec/hard/limits.cpu', String(PODS * 3))]],
  [
    'memory',
    '256Mi',
    [
      pods('resources/requests/memory', '256Mi'),
      pods('resources/limits/memory', '256Mi'),
      at(QUOTA, 'spec/hard/limits.memory', `${PODS * 256}Mi`),
    ],
  ],
  ['classifierMinute', '7', [schedule('classifier', '7 * * * *')]],
  ['fastMinute', '17', [schedule('loader-fast', '17 * * * *')]],
  [
    'standardGroups',
    '1',
    [
      schedule('loader-standard-30', '30 * * * *'),
      at(cronJob('loader-standard-30'), `${CONTAINER}/args`, [
        'load',
        '--json',
        '--lane',
        'standard',
        '--types=calm',
      ]),
      output('cronJobs', ['classifier', 'loader-fast', 'loader-standard-30']),
    ],
  ],
  ['suspend', 'true', [at(CRON_JOBS, 'spec/suspend', true)]],
  ['monthlyGigabytes', '2000', [output('transferEstimate/sourceToStaging/gigabytes', 2000)]],
  ['monthlyStagedGigabytes', '500', [output('transferEstimate/stagingToWarehouse/gigabytes', 500)]],
  ['sourceEgressUsdPerGb', '0.5', [output('transferEstimate/sourceToStaging/usd', 1000)]],
  ['stagingEgressUsdPerGb', '0.25', [output('transferEstimate/stagingToWarehouse/usd', 125)]],
];
