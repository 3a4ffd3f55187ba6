import assert from 'node:assert/strict';
import type { PolicyDocument, PolicyStatement } from '../../../infra/aws/policies.ts';
import { decide } from './iam-decision.ts';

const policy = (...statements: Partial<PolicyStatement>[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map((each) => ({
    Sid: 'S',
    Effect: 'Allow',
    Action: ['s3:GetObject'],
    Resource: ['*'],
    ...each,
  })),
});
const ask = (action: string, resource = 'arn:aws:s3:::b/k', context = {}): Parameters<typeof decide>[1] => ({
  action,
  resource,
  context,
});

describe("the tests' own reading of IAM policies", () => {
  it('grants what is listed, and a deny beats it', () => {
    const granted = policy({});
    assert.equal(decide(granted, ask('s3:GetObject')), 'allowed');
    assert.equal(decide(granted, ask('S3:getobject')), 'allowed');
    assert.equal(decide(granted, ask('s3:PutObject')), 'not granted');
    assert.equal(decide(policy({}, { Effect: 'Deny', Action: ['s3:*'] }), ask('s3:GetObject')), 'denied');
  });

  it('reads wildcards, and characters that are meant as such', () => {
    const on = (resource: string, asked: string): string =>
      decide(policy({ Resource: [resource] }), ask('s3:GetObject', asked));
    assert.equal(on('a/*', 'a/b/c'), 'allowed');
    assert.equal(on('a/*', 'ab/c'), 'not granted');
    assert.equal(on('a?', 'ab'), 'allowed');
    assert.equal(on('a?', 'a'), 'not granted');
    assert.equal(on('a${*}', 'a*'), 'allowed');
    assert.equal(on('a${*}', 'ab'), 'not granted');
    assert.equal(on('a${?}${$}', 'a?$'), 'allowed');
    assert.equal(on('a.c', 'abc'), 'not granted');
    assert.throws(() => on('${aws:username}', 'x'), /not known here/);
  });

  it('needs every condition, and a key that the request lacks fails it', () => {
    const conditional = policy({
      Condition: { StringEquals: { a: '1', b: ['2', '3'] }, StringLike: { c: 'x*' } },
    });
    const decision = (context: Record<string, string>): string =>
      decide(conditional, ask('s3:GetObject', 'r', context));
    assert.equal(decision({ a: '1', b: '3', c: 'xyz' }), 'allowed');
    assert.equal(decision({ a: '1', b: '4', c: 'xyz' }), 'not granted');
    assert.equal(decision({ a: '1', b: '3', c: 'y' }), 'not granted');
    assert.equal(decision({ b: '3', c: 'x' }), 'not granted');
    assert.throws(
      () => decide(policy({ Condition: { NotIpAddress: { a: '1' } } }), ask('s3:GetObject')),
      /NotIpAddress is not known here/,
    );
  });
});
