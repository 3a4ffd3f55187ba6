import { durationMs, sizeBytes } from '../../../workloads/core/quantities.ts';
import { LOG_BYTES } from '../../k8s/pod-resources.ts';
import { hasDigest } from '../image.ts';
import { milliCores, quantityBytes } from '../quantities.ts';
import { shown } from '../read.ts';
import { rule, type Rule } from './rule.ts';

const MS_A_MINUTE = 60_000;

/** A part lies in scratch as it was spooled and as it was compressed (docs/decisions/0005), below the 90 % at which a run stops. */
const PARTS_IN_SCRATCH = 2;
const USABLE_SHARE = 0.9;

/** GKE Autopilot, "Resource requests in Autopilot": at most 10 GiB of ephemeral storage a pod; it rejects what asks for more. */
const AUTOPILOT_DISK_BYTES = 10 * 2 ** 30;

/** Images, timetable and sizes that go together. */
export const workloadRules: readonly Rule[] = [
  rule(['production', 'image'], ({ production, image }) =>
    production && !hasDigest(image)
      ? {
          key: 'image',
          expected:
            'a digest (<registry>/<name>@sha256:...) in production, for a tag may mean another image tomorrow',
          found: shown(image),
          way: 'docker buildx imagetools inspect <image> shows the digest; pulumi config set image <registry>/<name>@sha256:<digest>',
        }
      : undefined,
  ),
  rule(['classifierMinute', 'fastMinute'], ({ classifierMinute, fastMinute }) =>
    classifierMinute < fastMinute
      ? undefined
      : {
          key: 'fastMinute',
          expected: `a minute after classifierMinute (${classifierMinute}), for there is nothing to load before`,
          found: String(fastMinute),
          way: `pulumi config set fastMinute ${classifierMinute + 1}, or run the classifier earlier`,
        },
  ),
  rule(['grace', 'classifierMinute'], ({ grace, classifierMinute }) =>
    (durationMs(grace) ?? 0) <= classifierMinute * MS_A_MINUTE
      ? undefined
      : {
          key: 'grace',
          expected: `at most classifierMinute (${classifierMinute}m), or no hour is over when its classifier runs`,
          found: shown(grace),
          way: 'lower grace, or let classifierMinute and fastMinute be later',
        },
  ),
  rule(['cpuRequest', 'cpuLimit'], ({ cpuRequest, cpuLimit }) =>
    (milliCores(cpuRequest) ?? 0) <= (milliCores(cpuLimit) ?? 0)
      ? undefined
      : {
          key: 'cpuLimit',
          expected: `at least cpuRequest (${cpuRequest})`,
          found: shown(cpuLimit),
          way: `pulumi config set cpuLimit ${cpuRequest}, or lower cpuRequest`,
        },
  ),
  rule(['scratchSize', 'partSize'], ({ scratchSize, partSize }) =>
    (quantityBytes(scratchSize) ?? 0) * USABLE_SHARE >= (sizeBytes(partSize) ?? 0) * PARTS_IN_SCRATCH
      ? undefined
      : {
          key: 'scratchSize',
          expected: `room for two parts of partSize (${partSize}) in 90 % of it`,
          found: shown(scratchSize),
          way: 'raise scratchSize, or lower partSize',
        },
  ),
  rule(['cluster', 'scratchSize'], ({ cluster, scratchSize }) =>
    cluster === 'existing' || (quantityBytes(scratchSize) ?? 0) + LOG_BYTES <= AUTOPILOT_DISK_BYTES
      ? undefined
      : {
          key: 'scratchSize',
          expected:
            'at most 10112Mi with cluster = gke-autopilot, which gives a pod 10Gi of disk, 128Mi for its logs among them',
          found: shown(scratchSize),
          way: 'pulumi config set scratchSize 10112Mi, or use a cluster whose nodes have more',
        },
  ),
];
