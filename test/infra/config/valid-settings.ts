import fc from 'fast-check';
import type { ConfigKey } from '../../../infra/config/definitions.ts';
import { AWS_REGIONS, BIGQUERY_LOCATIONS, GCP_REGIONS } from '../../../infra/config/places.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0, max: 15 }).map((digit) => digit.toString(16)),
    minLength: length,
    maxLength: length,
  });
const flag = fc.boolean().map(String);
const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const orNot = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.option(text, { nil: '' });
const cidr = fc
  .tuple(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 255 }))
  .map(([a, b]) => `${a}.${b}.0.0/16`);

/** What depends on nothing else. Bounds are written out here, for a test that read them from the code could not fail. */
const FREE = {
  namePrefix: fc.constantFrom('logferry', 'lf', 'team-a', 'x1'),
  schemasDir: fc.constantFrom('schemas', 'types/v2', 'a.b'),
  acceptBreaking: fc
    .array(
      hex(8).map((digest) => `purchase@${digest}`),
      { maxLength: 3 },
    )
    .map((list) => JSON.stringify(list)),
  awsAccountId: fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), minLength: 12, maxLength: 12 }),
  sourcePrefix: fc.constantFrom('', 'logs', 'logs/app', 'a=b/c+d'),
  gcpProject: fc.constantFrom('abcdef', 'logferry-dev-example', `a${'1'.repeat(29)}`),
  enableApis: flag,
  recordsNoncurrentDays: number(1, 3650),
  tempExpirationHours: number(1, 720),
  namespace: fc.constantFrom('', 'logs', 'a-1'),
  egressCidr: fc.oneof(fc.constant('0.0.0.0/0'), cidr),
  typeKey: fc.constantFrom('log_type', '@type', '종류'),
  onMisfit: fc.constantFrom('', 'fail', 'setAside', 'setAside:0.5%'),
  stagingCompression: fc.constantFrom('gzip', 'none'),
  compressionLevel: number(1, 9),
  memory: fc.constantFrom('128Mi', '64Gi', '200M'),
  standardGroups: number(1, 30),
  maxShards: number(1, 100),
  throughput: fc.constantFrom('1KB', '4MB', '1GB'),
  suspend: flag,
  monthlyStagedGigabytes: number(0, 100_000_000),
} satisfies Partial<Record<ConfigKey, fc.Arbitrary<string>>>;

const ages = fc.integer({ min: 1, max: 720 }).chain((lookback) =>
  fc.integer({ min: Math.ceil((lookback + 24) / 24), max: 365 }).chain((staging) =>
    fc.record({
      lookbackHours: fc.constant(String(lookback)),
      stagingRetentionDays: fc.constant(String(staging)),
      sourceRetentionDays: fc.oneof(fc.constant('0'), number(staging, 3650)),
    }),
  ),
);

const source = fc.constantFrom(...AWS_REGIONS).chain((region) =>
  fc.record({
    awsRegion: fc.constant(region),
    sourceKmsKeyArn: orNot(hex(8).map((id) => `arn:aws:kms:${region}:111111111111:key/${id}`)),
    sourceEgressUsdPerGb: fc.constantFrom('0', '0.126', '12.5'),
  }),
);

const bucket = fc.boolean().chain((adopt) =>
  fc.record({
    adoptSourceBucket: fc.constant(String(adopt)),
    sourceBucket: adopt ? fc.constantFrom('their-logs', 'their.logs') : orNot(fc.constant('our-logs')),
    sourceAccessLogs: adopt ? fc.constant('false') : flag,
    sourceNoncurrentDays: adopt ? fc.constant('7') : number(1, 3650),
  }),
);

const kms = (location: string): fc.Arbitrary<string> =>
  orNot(fc.constant(`projects/p/locations/${location}/keyRings/r/cryptoKeys/k`));

const staging = fc
  .constantFrom(...GCP_REGIONS)
  .chain((location) => fc.record({ stagingLocation: fc.constant(location), stagingKmsKey: kms(location) }));

const warehouse = fc.constantFrom(...BIGQUERY_LOCATIONS).chain((location) =>
  fc.record({
    warehouseLocation: fc.constant(location),
    warehouseKmsKey: kms({ US: 'us', EU: 'europe' }[location] ?? location),
    monthlyGigabytes: number(0, 100_000_000),
    stagingEgressUsdPerGb: fc.constantFrom('0', '0.08'),
  }),
);

/** An existing cluster; production names it. */
const existing = (production: boolean): fc.Arbitrary<Partial<Record<ConfigKey, string>>> => {
  const context = 'arn:aws:eks:ap-northeast-2:111111111111:cluster/a';
  const yaml = `kind: Config\ncurrent-context: ${context}\n`;
  const json = JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': context });
  const access = [
    ...[{ kubeconfig: '', kubeContext: context }],
    ...[yaml, json].flatMap((kubeconfig) =>
      ['', context].map((kubeContext) => ({ kubeconfig, kubeContext })),
    ),
    ...(production ? [] : [{ kubeconfig: '', kubeContext: '' }]),
  ];
  const others = fc.record({
    cluster: fc.constant('existing'),
    clusterIssuer: fc.constantFrom('https://issuer.example.com', 'https://oidc.example.co.kr/a/b/'),
    clusterJwks: fc.constantFrom('', '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}'),
    adoptOidcProvider: flag,
    gkeAuthorizedNetworks: fc.constant('[]'),
    gkeMasterCidr: fc.constant('172.16.0.0/28'),
    scratchSize: fc.constantFrom('2Gi', '1Ti', '1200M'),
  });
  return fc.tuple(others, fc.constantFrom(...access)).map(([one, other]) => ({ ...one, ...other }));
};

const newCluster: fc.Arbitrary<Partial<Record<ConfigKey, string>>> = fc.record({
  ...{ cluster: fc.constant('gke-autopilot'), clusterIssuer: fc.constant('') },
  ...{ clusterJwks: fc.constant(''), adoptOidcProvider: flag },
  ...{ kubeconfig: fc.constant(''), kubeContext: fc.constant('') },
  gkeAuthorizedNetworks: fc.array(cidr, { maxLength: 3 }).map((list) => JSON.stringify(list)),
  gkeMasterCidr: fc.constantFrom('172.16.0.0/28', '10.1.2.16/28', '192.168.255.240/28'),
  scratchSize: fc.constantFrom('2Gi', '10112Mi', '1200M'),
});

const minutes = fc.integer({ min: 0, max: 28 }).chain((classifier) =>
  fc.record({
    classifierMinute: fc.constant(String(classifier)),
    fastMinute: number(classifier + 1, 29),
    grace: fc.integer({ min: 0, max: classifier * 60 }).map((seconds) => `${seconds}s`),
  }),
);

const image = (production: boolean): fc.Arbitrary<string> =>
  hex(64).map(
    (digest) => `registry.example.com:5000/a/log-ferry${production ? '' : ':v1.2'}@sha256:${digest}`,
  );

const careful = fc
  .boolean()
  .chain((production) =>
    fc
      .tuple(image(production), fc.oneof(existing(production), newCluster))
      .map(([digest, cluster]) => ({ production: String(production), image: digest, ...cluster })),
  );

const sizes = fc.record({
  partSize: fc.constantFrom('1MiB', '512MiB', '0.5GB'),
  cpuRequest: fc.constantFrom('50m', '100m', '0.25'),
  cpuLimit: fc.constantFrom('250m', '1', '16'),
});

/** Settings of every key that are right, alone and together. */
export const validSettings: fc.Arbitrary<Record<ConfigKey, string>> = fc
  .tuple(fc.record(FREE), ages, source, bucket, staging, warehouse, careful, minutes, sizes)
  .map((parts) => Object.assign({}, ...parts) as Record<ConfigKey, string>);
