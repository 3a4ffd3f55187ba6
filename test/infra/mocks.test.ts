import assert from 'node:assert/strict';
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { recordProgram } from '../support/pulumi-mocks.ts';

class Parent extends pulumi.ComponentResource {
  constructor(name: string) {
    super('test:index:Parent', name);
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: 'x', tags: { a: pulumi.secret('s') } },
      { parent: this, protect: true, ignoreChanges: ['tags'] },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.bucket, policy: '{}' },
      { parent: this, retainOnDelete: true },
    );
    this.registerOutputs();
  }
}

describe('the recorder of what a program registers', () => {
  const answers = { 'aws:s3/bucket:Bucket': () => ({}), 'aws:s3/bucketPolicy:BucketPolicy': () => ({}) };

  it('gives inputs, parents, options and dependencies, and marks secrets', async () => {
    const { registrations, result } = await recordProgram(
      () => {
        new Parent('p');
        return new pulumi.Config().require('key');
      },
      { config: { 'logferry:key': 'value' }, answers },
    );
    assert.equal(result, 'value');
    assert.deepEqual(registrations, [
      { type: 'test:index:Parent', name: 'p', inputs: {}, options: {} },
      {
        type: 'aws:s3/bucket:Bucket',
        name: 'p-bucket',
        parent: 'test:index:Parent/p',
        inputs: { bucket: 'x', tags: { a: { secret: 's' } } },
        options: { protect: true, ignoreChanges: ['tags'] },
      },
      {
        type: 'aws:s3/bucketPolicy:BucketPolicy',
        name: 'p-policy',
        parent: 'test:index:Parent/p',
        inputs: { bucket: 'x', policy: '{}' },
        options: { retainOnDelete: true, dependsOn: ['aws:s3/bucket:Bucket/p-bucket'] },
      },
    ]);
  });

  it('reads of what exists are marked with their id, and providers with their name', async () => {
    const { registrations } = await recordProgram(
      () => {
        const provider = new aws.Provider('aws', { region: 'ap-northeast-2' });
        aws.s3.Bucket.get('there', 'the-bucket', {}, { provider });
      },
      { answers },
    );
    assert.deepEqual(registrations.at(-1), {
      type: 'aws:s3/bucket:Bucket',
      name: 'there',
      inputs: {},
      options: { provider: 'pulumi:providers:aws/aws', read: 'the-bucket' },
    });
  });

  it('what was registered is seen where the program throws, and whatever is still on its way', async () => {
    const seen: string[] = [];
    const program = (): void => {
      new Parent('p');
      throw new Error('half-way');
    };
    await assert.rejects(
      recordProgram(program, { answers, onRegistration: ({ type, name }) => seen.push(`${type}/${name}`) }),
      { message: 'half-way' },
    );
    assert.deepEqual(seen, [
      'test:index:Parent/p',
      'aws:s3/bucket:Bucket/p-bucket',
      'aws:s3/bucketPolicy:BucketPolicy/p-policy',
    ]);
  });

  it('outputs of the last run are there by name, and known to be secret where they are', async () => {
    const { result } = await recordProgram(
      async () => {
        const reference = new pulumi.StackReference('self', { name: 'organization/logferry/dev' });
        return Promise.all(['plain', 'hushed', 'none'].map((name) => reference.getOutputDetails(name)));
      },
      { stackOutputs: { plain: 1, hushed: [2] }, secretOutputs: ['hushed'] },
    );
    assert.deepEqual(
      result.map(({ value, secretValue }) => [value as unknown, secretValue as unknown]),
      [
        [1, undefined],
        [undefined, [2]],
        [undefined, undefined],
      ],
    );
  });

  it('a resource or a function that nobody answers for is an error', async () => {
    await assert.rejects(
      recordProgram(() => new aws.sqs.Queue('q')),
      { message: "the test's setting answers for no resource aws:sqs/queue:Queue (q)" },
    );
    await assert.rejects(
      recordProgram(() => aws.getCallerIdentity()),
      { message: "the test's setting answers for no function aws:index/getCallerIdentity:getCallerIdentity" },
    );
  });
});
