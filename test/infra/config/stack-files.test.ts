import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { parseConfig } from '../../../infra/config/parse.ts';
import type { Config } from '../../../infra/config.ts';

/** A stack file as the engine hands it over: numbers and switches as texts. */
function stackFile(stack: string): Config {
  const text = readFileSync(new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url), 'utf8');
  const { config } = load(text) as { config: Record<string, string | number | boolean> };
  return parseConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])),
    stack,
  );
}

describe('the stack files', () => {
  const dev = stackFile('dev');
  const prod = stackFile('prod');

  it('dev follows a tag, and can be thrown away', () => {
    assert.deepEqual(
      [dev.production, dev.workloads.image, dev.aws.source.retentionDays, dev.gcp.staging.retentionDays],
      [false, 'asia-northeast3-docker.pkg.dev/logferry-dev-example/logferry/logferry:main', 7, 7],
    );
  });

  it('production is protected, keeps more, and names its image by digest', () => {
    assert.deepEqual(
      [
        prod.production,
        prod.aws.source.retentionDays,
        prod.gcp.staging.retentionDays,
        prod.aws.source.accessLogs,
      ],
      [true, 90, 30, true],
    );
    assert.match(prod.workloads.image, /@sha256:0{64}$/);
  });

  it('production says which cluster it is', () => {
    assert.equal(prod.cluster.context, 'arn:aws:eks:ap-northeast-2:222222222222:cluster/example');
  });

  it('the accounts, projects and issuers are plainly nobody’s', () => {
    assert.deepEqual(
      [dev, prod].map(({ aws, gcp, cluster }) => [aws.accountId, gcp.project, cluster.issuer]),
      [
        [
          '111111111111',
          'logferry-dev-example',
          `https://oidc.eks.ap-northeast-2.amazonaws.com/id/${'0'.repeat(32)}`,
        ],
        [
          '222222222222',
          'logferry-prod-example',
          `https://oidc.eks.ap-northeast-2.amazonaws.com/id/${'1'.repeat(32)}`,
        ],
      ],
    );
  });
});
