import assert from 'node:assert/strict';
import type { KeyDefinition } from '../../../infra/config/definition.ts';
import { CONFIG_KEYS, DEFINITIONS } from '../../../infra/config/definitions.ts';
import { given, problems } from './given.ts';

/** A wrong value of each key (null = not set), and the sentence that follows the key's name. */
const WRONG: readonly (readonly [string, string | null, string])[] = [
  [
    'namePrefix',
    'Log_Ferry',
    'expected a-z, 0-9 and single hyphens, a letter first, at most 12, found "Log_Ferry"; pulumi config set namePrefix logferry',
  ],
  ['production', 'yes', 'expected true or false, found "yes"; pulumi config set production <true or false>'],
  [
    'schemasDir',
    '../schemas',
    'expected a folder below this project: letters, digits, _, - and ., no .. and no / at either end, found "../schemas"; pulumi config set schemasDir schemas',
  ],
  [
    'acceptBreaking',
    '["purchase"]',
    'expected <table>@<8 hexadecimal digits>, as the refusal printed it, found the item "purchase"; pulumi config set --path \'acceptBreaking[0]\' purchase@1a2b3c4d',
  ],
  [
    'acceptBreaking',
    '["purchase@1a2b3c4d","refund@gone"]',
    'expected <table>@<8 hexadecimal digits>, as the refusal printed it, found the item "refund@gone"; pulumi config set --path \'acceptBreaking[0]\' purchase@1a2b3c4d',
  ],
  [
    'acceptBreaking',
    '["purchase@1a2b3c4d5"]',
    'expected <table>@<8 hexadecimal digits>, as the refusal printed it, found the item "purchase@1a2b3c4d5"; pulumi config set --path \'acceptBreaking[0]\' purchase@1a2b3c4d',
  ],
  [
    'awsAccountId',
    null,
    'expected the 12 digits of an AWS account, found nothing; aws sts get-caller-identity shows it; pulumi config set awsAccountId <12 digits>',
  ],
  [
    'awsAccountId',
    '1234',
    'expected the 12 digits of an AWS account, found "1234"; aws sts get-caller-identity shows it; pulumi config set awsAccountId <12 digits>',
  ],
  [
    'awsRegion',
    'ap-northest-2',
    'expected an AWS region outside China and GovCloud such as ap-northeast-2, found "ap-northest-2" (did you mean ap-northeast-2?); pulumi config set awsRegion ap-northeast-2',
  ],
  [
    'awsRegion',
    'cn-north-1',
    'expected an AWS region outside China and GovCloud such as ap-northeast-2, found "cn-north-1" (did you mean eu-north-1?); pulumi config set awsRegion ap-northeast-2',
  ],
  [
    'awsRegion',
    'seoul',
    'expected an AWS region outside China and GovCloud such as ap-northeast-2, found "seoul"; pulumi config set awsRegion ap-northeast-2',
  ],
  [
    'sourceBucket',
    'My_Logs',
    'expected an S3 bucket name: 3 to 63 of a-z, 0-9, - and single dots, a letter or digit at either end, found "My_Logs"; pulumi config set sourceBucket my-logs',
  ],
  [
    'sourceBucket',
    '192.168.5.4',
    'expected an S3 bucket name, which is no IP address, found "192.168.5.4"; pulumi config set sourceBucket my-logs',
  ],
  [
    'sourceBucket',
    'xn--logs',
    'expected an S3 bucket name without a beginning or end that S3 reserves, found "xn--logs"; pulumi config set sourceBucket my-logs',
  ],
  [
    'sourceBucket',
    'logs..app',
    'expected an S3 bucket name: 3 to 63 of a-z, 0-9, - and single dots, a letter or digit at either end, found "logs..app"; pulumi config set sourceBucket my-logs',
  ],
  [
    'adoptSourceBucket',
    '1',
    'expected true or false, found "1"; pulumi config set adoptSourceBucket <true or false>',
  ],
  [
    'sourcePrefix',
    '/logs/',
    'expected a key prefix such as logs/app: no / at either end, none doubled, at most 512 characters, found "/logs/"; pulumi config set sourcePrefix logs/app',
  ],
  [
    'sourceRetentionDays',
    '-1',
    'expected a whole number from 0 to 3650 (days), found "-1"; pulumi config set sourceRetentionDays 30',
  ],
  [
    'sourceRetentionDays',
    'a month',
    'expected a whole number from 0 to 3650 (days), found "a month"; pulumi config set sourceRetentionDays 30',
  ],
  [
    'sourceNoncurrentDays',
    '0',
    'expected a whole number from 1 to 3650 (days), found "0"; pulumi config set sourceNoncurrentDays 7',
  ],
  [
    'sourceAccessLogs',
    'True',
    'expected true or false, found "True"; pulumi config set sourceAccessLogs <true or false>',
  ],
  [
    'sourceKmsKeyArn',
    'alias/logs',
    'expected arn:aws:kms:<region>:<account>:key/<id>; an alias does not work in IAM, found "alias/logs"; aws kms describe-key --key-id <alias or id> shows its ARN',
  ],
  [
    'gcpProject',
    'example.com:logs',
    'expected a project id without a domain (example.com:...), for bucket names carry it, found "example.com:logs"; gcloud projects list shows it; pulumi config set gcpProject <id>',
  ],
  [
    'gcpProject',
    'my-google-logs',
    'expected a project id without "google" in it, which no bucket name may hold, found "my-google-logs"; gcloud projects list shows it; pulumi config set gcpProject <id>',
  ],
  [
    'gcpProject',
    '123',
    'expected the id of a Google Cloud project: 6 to 30 of a-z, 0-9 and -, a letter first, found "123"; gcloud projects list shows it; pulumi config set gcpProject <id>',
  ],
  ['enableApis', 'no', 'expected true or false, found "no"; pulumi config set enableApis <true or false>'],
  [
    'stagingLocation',
    'asia-northeast33',
    'expected a Google Cloud region such as asia-northeast3, found "asia-northeast33" (did you mean asia-northeast3?); pulumi config set stagingLocation asia-northeast3',
  ],
  [
    'stagingLocation',
    'ASIA',
    'expected one region such as asia-northeast3, for a multi-region costs more and is no faster, found "ASIA"; pulumi config set stagingLocation asia-northeast3',
  ],
  [
    'stagingLocation',
    'nam4',
    'expected one region such as asia-northeast3, for a multi-region costs more and is no faster, found "nam4"; pulumi config set stagingLocation asia-northeast3',
  ],
  [
    'warehouseLocation',
    'us',
    'expected US, EU or a Google Cloud region, found "us" (did you mean US?); pulumi config set warehouseLocation US',
  ],
  [
    'stagingRetentionDays',
    '14d',
    'expected a whole number from 1 to 365 (days), found "14d"; pulumi config set stagingRetentionDays 14',
  ],
  [
    'recordsNoncurrentDays',
    '0',
    'expected a whole number from 1 to 3650 (days), found "0"; pulumi config set recordsNoncurrentDays 30',
  ],
  [
    'tempExpirationHours',
    '0',
    'expected a whole number from 1 to 720 (hours), found "0"; pulumi config set tempExpirationHours 24',
  ],
  [
    'stagingKmsKey',
    'staging',
    'expected projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version, found "staging"; pulumi config set stagingKmsKey projects/my-project/locations/asia-northeast3/keyRings/logferry/cryptoKeys/staging',
  ],
  [
    'warehouseKmsKey',
    'warehouse',
    'expected projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version, found "warehouse"; pulumi config set warehouseKmsKey projects/my-project/locations/us/keyRings/logferry/cryptoKeys/warehouse',
  ],
  [
    'cluster',
    'gke-autopiolt',
    'expected existing or gke-autopilot, found "gke-autopiolt" (did you mean gke-autopilot?); pulumi config set cluster existing',
  ],
  [
    'clusterIssuer',
    'http://issuer.example.com',
    'expected https://<host>[/<path>] of letters, digits and -._~% without port, query or user, at most 255 characters, found "http://issuer.example.com"; use a cluster whose issuer is public (EKS, GKE, AKS), or publish its keys and set its --service-account-issuer to their URL',
  ],
  [
    'clusterIssuer',
    'https://kubernetes.default.svc.cluster.local',
    'expected an issuer with a public host name, for AWS fetches its keys over public HTTPS, found "https://kubernetes.default.svc.cluster.local"; use a cluster whose issuer is public (EKS, GKE, AKS), or publish its keys and set its --service-account-issuer to their URL',
  ],
  [
    'clusterIssuer',
    'https://10.0.0.1',
    'expected an issuer with a public host name, for AWS fetches its keys over public HTTPS, found "https://10.0.0.1"; use a cluster whose issuer is public (EKS, GKE, AKS), or publish its keys and set its --service-account-issuer to their URL',
  ],
  [
    'clusterIssuer',
    'https://issuer.example.com:8443',
    'expected https://<host>[/<path>] of letters, digits and -._~% without port, query or user, at most 255 characters, found "https://issuer.example.com:8443"; use a cluster whose issuer is public (EKS, GKE, AKS), or publish its keys and set its --service-account-issuer to their URL',
  ],
  [
    'clusterJwks',
    '{"keys":[]}',
    'expected a JSON Web Key Set of public keys, found a value that is not shown; pulumi config set clusterJwks "$(kubectl get --raw /openid/v1/jwks)"',
  ],
  [
    'clusterJwks',
    '{"keys":[{"kty":"RSA","d":"AQAB"}]}',
    'expected a JSON Web Key Set of public keys, and no private key, found a value that is not shown; pulumi config set clusterJwks "$(kubectl get --raw /openid/v1/jwks)"',
  ],
  [
    'adoptOidcProvider',
    'on',
    'expected true or false, found "on"; pulumi config set adoptOidcProvider <true or false>',
  ],
  [
    'kubeconfig',
    '~/.kube/config',
    'expected the text of a kubeconfig (kind: Config), not its path, found a value that is not shown; pulumi config set --secret kubeconfig < kubeconfig.yaml',
  ],
  [
    'kubeContext',
    'my cluster',
    'expected the name of a context, without spaces, found "my cluster"; kubectl config get-contexts lists them',
  ],
  [
    'namespace',
    'kube-system',
    'expected a namespace of its own, not one of Kubernetes’, found "kube-system"; pulumi config set namespace logferry-dev',
  ],
  [
    'gkeAuthorizedNetworks',
    '["203.0.113.0/24","0.0.0.0/0"]',
    'expected a range no wider than /8, for two halves of the internet are all of it, found the item "0.0.0.0/0"; pulumi config set --path \'gkeAuthorizedNetworks[0]\' 203.0.113.0/24',
  ],
  [
    'gkeAuthorizedNetworks',
    '203.0.113.0/24',
    'expected a list of IPv4 ranges, found "203.0.113.0/24"; pulumi config set --path \'gkeAuthorizedNetworks[0]\' 203.0.113.0/24',
  ],
  [
    'gkeMasterCidr',
    '8.8.8.0/28',
    'expected a private range of 16 addresses such as 172.16.0.0/28 that no other network uses, found "8.8.8.0/28"; pulumi config set gkeMasterCidr 172.16.0.0/28',
  ],
  [
    'egressCidr',
    '10.0.0.1/8',
    'expected an IPv4 range such as 203.0.113.0/24, with nothing but zeros behind the prefix, found "10.0.0.1/8"; pulumi config set egressCidr 0.0.0.0/0',
  ],
  [
    'egressCidr',
    '169.254.0.0/16',
    'expected a range where the APIs of AWS and Google Cloud are, not within 169.254.0.0/16, where nodes keep their own identity, found "169.254.0.0/16"; pulumi config set egressCidr 0.0.0.0/0',
  ],
  [
    'image',
    null,
    'expected <registry>/<name>@sha256:<64 hexadecimal digits>, found nothing; docker buildx imagetools inspect <image> shows the digest; pulumi config set image <registry>/<name>@sha256:<digest>',
  ],
  [
    'image',
    'logferry:latest',
    'expected <registry>/<name>@sha256:<64 hexadecimal digits>, found "logferry:latest"; docker buildx imagetools inspect <image> shows the digest; pulumi config set image <registry>/<name>@sha256:<digest>',
  ],
  [
    'typeKey',
    '',
    'expected a key of at most 128 characters without spaces or control characters, found ""; pulumi config set typeKey log_type',
  ],
  [
    'typeKey',
    'log type',
    'expected a key of at most 128 characters without spaces or control characters, found "log type"; pulumi config set typeKey log_type',
  ],
  [
    'lookbackHours',
    '0',
    'expected a whole number from 1 to 720 (hours), found "0"; pulumi config set lookbackHours 48',
  ],
  ['grace', 'soon', 'expected a time such as 90s or 3m, found "soon"; pulumi config set grace 3m'],
  [
    'onMisfit',
    'ignore',
    'expected fail, setAside or setAside:<percent>%, found "ignore"; pulumi config set onMisfit setAside:5%',
  ],
  [
    'stagingCompression',
    'zstd',
    'expected gzip or none, found "zstd"; pulumi config set stagingCompression gzip',
  ],
  [
    'compressionLevel',
    '10',
    'expected a whole number from 1 to 9 (of gzip), found "10"; pulumi config set compressionLevel 1',
  ],
  [
    'partSize',
    '5GB',
    'expected a size from 1MiB to 4GB such as 512MiB, found "5GB"; pulumi config set partSize 512MiB',
  ],
  [
    'maxShards',
    '0',
    'expected a whole number from 1 to 100 (pods), found "0"; pulumi config set maxShards 1',
  ],
  [
    'throughput',
    '4 MB',
    'expected a size from 1KB to 1GB such as 4MB, found "4 MB"; pulumi config set throughput 4MB',
  ],
  [
    'throughput',
    '2GB',
    'expected a size from 1KB to 1GB such as 4MB, found "2GB"; pulumi config set throughput 4MB',
  ],
  [
    'scratchSize',
    '2GiB',
    'expected a Kubernetes quantity such as 2Gi, at most 1Ti, found "2GiB"; pulumi config set scratchSize 2Gi',
  ],
  [
    'scratchSize',
    '999999999999999Ti',
    'expected a Kubernetes quantity such as 2Gi, at most 1Ti, found "999999999999999Ti"; pulumi config set scratchSize 2Gi',
  ],
  [
    'scratchSize',
    '1025Gi',
    'expected a Kubernetes quantity such as 2Gi, at most 1Ti, found "1025Gi"; pulumi config set scratchSize 2Gi',
  ],
  [
    'cpuRequest',
    '0',
    'expected cores such as 100m or 0.5, at most 16, found "0"; pulumi config set cpuRequest 100m',
  ],
  [
    'cpuRequest',
    '16001m',
    'expected cores such as 100m or 0.5, at most 16, found "16001m"; pulumi config set cpuRequest 100m',
  ],
  [
    'cpuLimit',
    'one',
    'expected cores such as 100m or 0.5, at most 16, found "one"; pulumi config set cpuLimit 1',
  ],
  [
    'cpuLimit',
    '17',
    'expected cores such as 100m or 0.5, at most 16, found "17"; pulumi config set cpuLimit 1',
  ],
  [
    'memory',
    '64Mi',
    'expected a Kubernetes quantity from 128Mi to 64Gi, found "64Mi"; pulumi config set memory 128Mi',
  ],
  [
    'memory',
    '65Gi',
    'expected a Kubernetes quantity from 128Mi to 64Gi, found "65Gi"; pulumi config set memory 128Mi',
  ],
  [
    'classifierMinute',
    '29',
    'expected a whole number from 0 to 28 (minutes), found "29"; pulumi config set classifierMinute 5',
  ],
  [
    'fastMinute',
    '30',
    'expected a whole number from 1 to 29 (minutes), found "30"; pulumi config set fastMinute 15',
  ],
  [
    'standardGroups',
    '31',
    'expected a whole number from 1 to 30 (groups), found "31"; pulumi config set standardGroups 6',
  ],
  ['suspend', 'maybe', 'expected true or false, found "maybe"; pulumi config set suspend <true or false>'],
  [
    'monthlyGigabytes',
    '1.5',
    'expected a whole number from 0 to 100000000 (GB), found "1.5"; pulumi config set monthlyGigabytes 0',
  ],
  [
    'monthlyStagedGigabytes',
    '-5',
    'expected a whole number from 0 to 100000000 (GB), found "-5"; pulumi config set monthlyStagedGigabytes 0',
  ],
  [
    'sourceEgressUsdPerGb',
    '$0.126',
    'expected a price in US dollars such as 0.09, found "$0.126"; pulumi config set sourceEgressUsdPerGb 0.126',
  ],
  [
    'stagingEgressUsdPerGb',
    '0,08',
    'expected a price in US dollars such as 0.09, found "0,08"; pulumi config set stagingEgressUsdPerGb 0.08',
  ],
];

describe('settings, each on its own', () => {
  for (const [key, value, sentence] of WRONG) {
    it(`${key} = ${value ?? '(not set)'} is one sentence with a way out`, () => {
      const secretKeys = key === 'kubeconfig' ? ['logferry:kubeconfig'] : [];
      assert.deepEqual(problems(given({ [key]: value }), { secretKeys }), [`logferry:${key}: ${sentence}`]);
    });
  }

  it('the table above has a wrong value of every key', () => {
    assert.deepEqual([...new Set(WRONG.map(([key]) => key))].toSorted(), CONFIG_KEYS.toSorted());
  });

  it('every key that must be set says so, all at once', () => {
    assert.deepEqual(
      problems({}).map((problem) => problem.replace(/: .*/, '')),
      ['logferry:awsAccountId', 'logferry:gcpProject', 'logferry:image', 'logferry:clusterIssuer'],
    );
  });

  it('every default is a right value of its own key', () => {
    const defaults = CONFIG_KEYS.flatMap((key): [string, string][] => {
      const { default: value } = DEFINITIONS[key];
      if (value === undefined || key === 'clusterIssuer') return [];
      return [[key, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    });
    assert.equal(defaults.length, CONFIG_KEYS.length - 4);
    assert.deepEqual(problems(given(Object.fromEntries(defaults))), []);
  });

  it('every example is a right value of its own key, save those that only a person can fill in', () => {
    const broken = CONFIG_KEYS.filter((key) => {
      const definition: KeyDefinition = DEFINITIONS[key];
      if (!('example' in definition) || definition.check === undefined) return false;
      return definition.check(definition.example) !== undefined;
    });
    assert.deepEqual(broken.toSorted(), ['clusterJwks', 'image', 'kubeconfig']);
  });
});
