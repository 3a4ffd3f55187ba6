import { isOnMisfit } from '../../../workloads/core/schema/parse.ts';
import { durationMs, sizeBytes } from '../../../workloads/core/quantities.ts';
import { SETTINGS } from '../../../workloads/core/settings.ts';
import { matches, type KeyDefinition } from '../definition.ts';
import { imageReference } from '../image.ts';
import { milliCores, quantityBytes } from '../quantities.ts';

/** A run is one process whose threads inflate, parse and deflate: more is a slip, and no node may have it. */
const MAX_CORES = 16;

const CORES = `cores such as 100m or 0.5, at most ${MAX_CORES}`;
const cores = (text: string): string | undefined => {
  const milli = milliCores(text);
  return milli !== undefined && milli <= MAX_CORES * 1000 ? undefined : CORES;
};

/** BigQuery: "4 GB" for a compressed JSON file, which a part never outgrows that is no larger uncompressed. */
const MAX_PART_BYTES = 4e9;

/** Below, object storage charges more for requests than for bytes. */
const MIN_PART_BYTES = 2 ** 20;

/** What the containers need; an hour in 128 MiB is what the workloads are built for (docs/design.md, 4.8). */
const MIN_MEMORY_BYTES = 128 * 2 ** 20;

/** More is a slip: a pod that is larger than every node waits for ever, and no update fails. */
const MAX_MEMORY_BYTES = 64 * 2 ** 30;

/** The same of a node's disk, of which a pod asks for all of its scratch. */
const MAX_SCRATCH_BYTES = 2 ** 40;

/** Beyond it a node would have no room for all: Kubernetes itself takes 100,000 (Job, "Completion mode"). */
const MAX_SHARDS = 100;

/** Bytes a second: below a modem's, above any disk's, it is a slip. */
const MIN_THROUGHPUT = 1e3;
const MAX_THROUGHPUT = 1e9;

const THROUGHPUT = 'a size from 1KB to 1GB such as 4MB';
const PART_SIZE = 'a size from 1MiB to 4GB such as 512MiB';
const SCRATCH = 'a Kubernetes quantity such as 2Gi, at most 1Ti';
const MEMORY = 'a Kubernetes quantity from 128Mi to 64Gi';
const TYPE_KEY = 'a key of at most 128 characters without spaces or control characters';

/** The containers: what they run, how, and when. Minutes are of the hour, UTC. */
export const workloadKeys = {
  image: {
    type: 'string',
    description:
      'The container image, by digest (registry/name@sha256:...); outside production a tag is taken too.',
    example: 'asia-northeast3-docker.pkg.dev/my-project/logferry/logferry@sha256:<64 hexadecimal digits>',
    expected: '<registry>/<name>@sha256:<64 hexadecimal digits>',
    check: imageReference,
    way: 'docker buildx imagetools inspect <image> shows the digest; pulumi config set image <registry>/<name>@sha256:<digest>',
  },
  typeKey: {
    type: 'string',
    default: SETTINGS.typeKey.default!,
    description: 'The key whose value is the log type.',
    example: 'log_type',
    expected: TYPE_KEY,
    check: matches(/^[^\s\p{Cc}]{1,128}$/u, TYPE_KEY),
  },
  lookbackHours: {
    type: 'integer',
    default: Number(SETTINGS.lookback.default),
    min: 1,
    max: 720,
    unit: 'hours',
    description:
      'How far back unfinished hours are taken up. Source and staging must keep them a day longer.',
  },
  grace: {
    type: 'string',
    default: SETTINGS.grace.default!,
    description: 'How long after its end an hour counts as over; no longer than classifierMinute.',
    example: '3m',
    expected: 'a time such as 90s or 3m',
    check: (text) => (durationMs(text) === undefined ? 'a time such as 90s or 3m' : undefined),
  },
  onMisfit: {
    type: 'string',
    default: '',
    description:
      'For all types, what becomes of an hour with rows that break their schema: fail, setAside or setAside:5%; empty = what each schema says.',
    example: 'setAside:5%',
    expected: 'fail, setAside or setAside:<percent>%',
    check: (text) => (isOnMisfit(text) ? undefined : 'fail, setAside or setAside:<percent>%'),
  },
  stagingCompression: {
    type: 'string',
    default: SETTINGS.compression.default!,
    choices: ['gzip', 'none'],
    description: 'Of staged parts. BigQuery reads plain ones in parallel; they cost more transfer.',
    example: 'gzip',
    expected: 'gzip or none',
  },
  compressionLevel: {
    type: 'integer',
    default: Number(SETTINGS.level.default),
    min: 1,
    max: 9,
    unit: 'of gzip',
    description: 'Higher is smaller and slower.',
  },
  partSize: {
    type: 'string',
    default: SETTINGS.partSize.default!,
    description: 'Uncompressed size at which a staged part is closed; scratchSize must hold two.',
    example: '512MiB',
    expected: PART_SIZE,
    check: (text) => {
      const bytes = sizeBytes(text);
      return bytes !== undefined && bytes >= MIN_PART_BYTES && bytes <= MAX_PART_BYTES
        ? undefined
        : PART_SIZE;
    },
  },
  maxShards: {
    type: 'integer',
    default: Number(SETTINGS.shards.default),
    min: 1,
    max: MAX_SHARDS,
    unit: 'pods',
    description:
      'Over how many classifier pods a large hour is spread, each with memory and disk of its own. That many start each hour; those that an hour does not need end at once.',
  },
  throughput: {
    type: 'string',
    default: SETTINGS.throughput.default!,
    description:
      'Stored bytes of the source that one pod splits in a second. It decides how many of maxShards an hour needs to be done half-way to fastMinute.',
    example: '4MB',
    expected: THROUGHPUT,
    check: (text) => {
      const bytes = sizeBytes(text);
      return bytes !== undefined && bytes >= MIN_THROUGHPUT && bytes <= MAX_THROUGHPUT
        ? undefined
        : THROUGHPUT;
    },
  },
  scratchSize: {
    type: 'string',
    default: '2Gi',
    description:
      'Disk of each pod for unfinished work. A run stops at 90 % of it; Kubernetes evicts a pod that outgrows it. GKE Autopilot gives at most 10112Mi.',
    example: '2Gi',
    expected: SCRATCH,
    check: (text) => ((quantityBytes(text) ?? Infinity) <= MAX_SCRATCH_BYTES ? undefined : SCRATCH),
  },
  cpuRequest: {
    type: 'string',
    default: '100m',
    description: 'Cores that a pod is sure of.',
    example: '100m',
    expected: CORES,
    check: cores,
  },
  cpuLimit: {
    type: 'string',
    default: '1',
    description: 'Cores that a pod may use.',
    example: '1',
    expected: CORES,
    check: cores,
  },
  memory: {
    type: 'string',
    default: '128Mi',
    description: 'Memory of a pod, request and limit alike.',
    example: '128Mi',
    expected: MEMORY,
    check: (text) => {
      const bytes = quantityBytes(text) ?? 0;
      return bytes >= MIN_MEMORY_BYTES && bytes <= MAX_MEMORY_BYTES ? undefined : MEMORY;
    },
  },
  classifierMinute: {
    type: 'integer',
    default: 5,
    min: 0,
    max: 28,
    unit: 'minutes',
    description: 'When the classifier runs; before fastMinute.',
  },
  fastMinute: {
    type: 'integer',
    default: 15,
    min: 1,
    max: 29,
    unit: 'minutes',
    description: 'When the types of the fast lane load; those of the standard lane from minute 30 on.',
  },
  standardGroups: {
    type: 'integer',
    default: 6,
    min: 1,
    max: 30,
    unit: 'groups',
    description: 'Over how many CronJobs the types of the standard lane are spread, from minute 30 to 59.',
  },
  suspend: {
    type: 'boolean',
    default: false,
    description:
      'No CronJob fires. What runs goes on; later runs take up what was missed within lookbackHours.',
  },
} as const satisfies Record<string, KeyDefinition>;
