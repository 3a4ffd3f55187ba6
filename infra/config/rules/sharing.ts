import { gkeProject } from '../../gcp/gke-issuer.ts';
import { names } from '../../names.ts';
import type { ConfigKey } from '../definitions.ts';
import { clusterKeys } from '../keys/cluster.ts';
import { sourceKeys } from '../keys/source.ts';
import { shown } from '../read.ts';
import { rule, type Rule } from './rule.ts';

/** A text that a new cluster would contradict. */
function onlyOfExisting(key: 'clusterIssuer' | 'clusterJwks' | 'kubeContext' | 'kubeconfig'): Rule {
  return rule(['cluster', key], ({ cluster, [key]: value }) =>
    cluster === 'existing' || value === ''
      ? undefined
      : {
          key,
          expected: 'nothing, for cluster = gke-autopilot makes a cluster and knows it',
          found: key === 'kubeconfig' ? 'a value that is not shown' : shown(value),
          way: `pulumi config rm ${key}, or pulumi config set cluster existing`,
        },
  );
}

/** What only a cluster of the program's own has. */
function onlyOfNew(key: 'gkeAuthorizedNetworks' | 'gkeMasterCidr'): Rule {
  return rule(['cluster', key], ({ cluster, [key]: value }) =>
    cluster === 'gke-autopilot' || String(value) === String(clusterKeys[key].default)
      ? undefined
      : {
          key,
          expected: 'nothing with cluster = existing, whose control plane is left as it is',
          found: shown(String(value)),
          way: `pulumi config rm ${key}, or pulumi config set cluster gke-autopilot`,
        },
  );
}

/** A switch of an adopted bucket that the program does not touch. */
function notOnAdopted(key: 'sourceAccessLogs'): Rule {
  return rule(['adoptSourceBucket', key], ({ adoptSourceBucket, [key]: on }) =>
    adoptSourceBucket && on
      ? {
          key,
          expected: 'false with adoptSourceBucket, whose bucket is left as it is',
          found: 'true',
          way: `pulumi config set ${key} false; the bucket's owner turns its log on`,
        }
      : undefined,
  );
}

/** What is made here and what is somebody else's must not be mixed up. */
export const sharingRules: readonly Rule[] = [
  rule(['adoptSourceBucket', 'sourceBucket'], ({ adoptSourceBucket, sourceBucket }) =>
    adoptSourceBucket && sourceBucket === ''
      ? {
          key: 'sourceBucket' satisfies ConfigKey,
          expected: 'the name of the existing bucket that adoptSourceBucket takes',
          found: 'nothing',
          way: 'pulumi config set sourceBucket <name>, or pulumi config set adoptSourceBucket false',
        }
      : undefined,
  ),
  notOnAdopted('sourceAccessLogs'),
  // Also while there is no such log: switching it on would ask for the name of the bucket that it is of.
  rule(
    ['sourceBucket', 'namePrefix', 'awsAccountId', 'gcpProject'],
    ({ sourceBucket, namePrefix, awsAccountId, gcpProject }, stack) =>
      sourceBucket === names(namePrefix, stack, awsAccountId, gcpProject).sourceLogsBucket
        ? {
            key: 'sourceBucket',
            expected: "another name than that of the bucket of the source's access log",
            found: shown(sourceBucket),
            way: 'pulumi config set sourceBucket <another name>, or pulumi config rm sourceBucket for the default',
          }
        : undefined,
  ),
  rule(['cluster', 'clusterIssuer'], ({ cluster, clusterIssuer }) =>
    cluster === 'existing' && clusterIssuer === ''
      ? {
          key: 'clusterIssuer',
          expected: "the issuer of the existing cluster, for both clouds trust its pods' tokens by it",
          found: 'nothing',
          way: 'kubectl get --raw /.well-known/openid-configuration shows it as "issuer"; pulumi config set clusterIssuer <URL>',
        }
      : undefined,
  ),
  rule(
    ['production', 'cluster', 'kubeconfig', 'kubeContext'],
    ({ production, cluster, kubeconfig, kubeContext }) =>
      production && cluster === 'existing' && kubeconfig === '' && kubeContext === ''
        ? {
            key: 'kubeContext',
            expected:
              'the context of the cluster in production, or a kubeconfig, for kubectl may point at another one on each machine',
            found: 'nothing',
            way: 'kubectl config get-contexts lists them; pulumi config set kubeContext <name>, or pulumi config set --secret kubeconfig < kubeconfig.yaml',
          }
        : undefined,
  ),
  rule(['kubeconfig', 'kubeContext'], ({ kubeconfig, kubeContext }) =>
    kubeconfig === '' || kubeconfig.includes(kubeContext)
      ? undefined
      : {
          key: 'kubeContext',
          expected: 'a context of the kubeconfig that is set',
          found: shown(kubeContext),
          way: 'pulumi config rm kubeContext for its current one, or set the kubeconfig that has it',
        },
  ),
  onlyOfExisting('clusterIssuer'),
  onlyOfExisting('clusterJwks'),
  onlyOfExisting('kubeconfig'),
  onlyOfExisting('kubeContext'),
  onlyOfNew('gkeAuthorizedNetworks'),
  onlyOfNew('gkeMasterCidr'),
  rule(['clusterIssuer', 'clusterJwks'], ({ clusterIssuer, clusterJwks }) =>
    clusterJwks === '' || gkeProject(clusterIssuer) === undefined
      ? undefined
      : {
          key: 'clusterJwks',
          expected: "nothing for a GKE cluster, whose pods get Google's tokens without it",
          found: shown(clusterJwks),
          way: 'pulumi config rm clusterJwks',
        },
  ),
  rule(['adoptSourceBucket', 'sourceNoncurrentDays'], ({ adoptSourceBucket, sourceNoncurrentDays }) =>
    adoptSourceBucket && sourceNoncurrentDays !== sourceKeys.sourceNoncurrentDays.default
      ? {
          key: 'sourceNoncurrentDays',
          expected: 'nothing with adoptSourceBucket, whose bucket is left as it is',
          found: String(sourceNoncurrentDays),
          way: "pulumi config rm sourceNoncurrentDays; the bucket's lifecycle is its owner's",
        }
      : undefined,
  ),
];
