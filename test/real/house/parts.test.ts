import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'mocha';
import { classifierSourcePolicy } from '../../../infra/aws/policies.ts';
import { isAllowed } from '../support/house/aws-iam.ts';
import { bigqueryNeeds } from '../support/house/bigquery-needs.ts';
import { durationMs } from '../../../workloads/core/quantities.ts';
import { recentHours, type FolderHour } from '../../../workloads/core/hour.ts';
import type { Exchange } from '../support/house/front.ts';
import { unhurried } from '../support/house/log-hours.ts';
import { expanded } from '../support/house/pod-env.ts';
import { TokenRefused, verifiedClaims } from '../support/house/tokens.ts';

describe('the parts of the house', () => {
  it('no hour becomes ready while the tests run, wherever in an hour they begin', () => {
    const lookback = 3;
    const ready = (now: Date, graceMs: number): FolderHour[] => recentHours(now, lookback, graceMs);
    for (let minute = 0; minute < 60; minute++) {
      const begin = new Date(Date.UTC(2026, 10, 20, 14, minute, 30));
      const end = new Date(begin.getTime() + 19 * 60_000);
      const graceMs = durationMs(unhurried(begin).grace)!;
      const late = minute >= 41;
      assert.deepEqual(
        ready(begin, graceMs),
        ['2026-11-20T11', '2026-11-20T12', '2026-11-20T13'],
        `at ${minute}`,
      );
      // Where the hour turns meanwhile, the oldest leaves the lookback: the tests leave it alone.
      assert.deepEqual(
        ready(end, graceMs),
        ['2026-11-20T11', '2026-11-20T12', '2026-11-20T13'].slice(late ? 1 : 0),
      );
    }
  });

  it('the kubelet puts variables into arguments as Kubernetes does', () => {
    const variables = { NAME: 'value', EMPTY: '' };
    assert.deepEqual(
      ['$(NAME)', '$$(NAME)', '$(NONE)', '$(EMPTY)', '$NAME', '$$$(NAME)', '$(NAME', 'US$'].map((text) =>
        expanded(text, variables),
      ),
      ['value', '$(NAME)', '$(NONE)', '', '$NAME', '$value', '$(NAME', 'US$'],
    );
  });

  it('IAM allows what the classifier’s policy says, and a star in a prefix is a star', () => {
    const policies = [classifierSourcePolicy({ bucketArn: 'arn:aws:s3:::logs', prefix: 'a*b' })];
    const list = (prefix: string): boolean =>
      isAllowed(policies, {
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::logs',
        context: { 's3:prefix': prefix },
      });
    const get = (key: string): boolean =>
      isAllowed(policies, { action: 's3:GetObject', resource: `arn:aws:s3:::logs/${key}`, context: {} });
    assert.deepEqual(
      [list('a*b/'), list('a*b/2026'), list('axb/'), list('a*b'), list('')],
      [true, true, false, false, false],
    );
    assert.deepEqual([get('a*b/1'), get('axb/1'), get('a*b')], [true, false, false]);
    const put = { action: 's3:PutObject', resource: 'arn:aws:s3:::logs/a*b/1', context: {} };
    assert.equal(isAllowed(policies, put), false);
  });

  it('a token is taken only from its issuer, for its audience, unchanged and in time', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one' }] };
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (claims: object, kid = 'one'): string => {
      const text = `${encoded({ alg: 'RS256', kid })}.${encoded(claims)}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    };
    const good = { iss: 'https://issuer', aud: ['cloud'], sub: 'pod', exp: Date.now() / 1000 + 60 };
    const take = (text: string): string =>
      verifiedClaims(text, keys, { issuer: 'https://issuer', audience: 'cloud' }).sub;
    assert.equal(take(token(good)), 'pod');
    const wrong = [
      token({ ...good, iss: 'https://other' }),
      token({ ...good, aud: ['elsewhere'] }),
      token({ ...good, exp: Date.now() / 1000 - 1 }),
      token(good, 'two'),
      token(good).replace(/\.[^.]+\./, `.${encoded({ ...good, sub: 'root' })}.`),
      'no token',
    ];
    for (const each of wrong) assert.throws(() => take(each), TokenRefused);
  });

  it('a statement needs what each table in it needs', () => {
    const query =
      'DELETE FROM `p-1.raw.purchase` WHERE x = `y`; INSERT INTO `p-1.raw.purchase` SELECT `a`.b.`c` FROM `p-1.temp.t_1`; DROP TABLE `p-1.temp.t_1`';
    const url = new URL('https://bigquery.googleapis.com/bigquery/v2/projects/p-1/queries');
    const needs = bigqueryNeeds({ method: 'POST', url } as Exchange, Buffer.from(JSON.stringify({ query })));
    const named = new Set(
      needs?.map(({ permission, on }) => `${permission} ${on.kind === 'dataset' ? on.dataset : on.kind}`),
    );
    assert.deepEqual(
      [...named].sort(),
      [
        'bigquery.jobs.create project',
        ...['delete', 'getData'].map((kind) => `bigquery.tables.${kind} temp`),
        ...['getData', 'updateData'].map((kind) => `bigquery.tables.${kind} raw`),
      ].sort(),
    );
  });
});
