import type { Answer } from '../pulumi-mocks.ts';

/** The account that the stand-in AWS is. */
export const AWS_ACCOUNT = '123456789012';

const nothing: Answer = () => ({});

/** What AWS adds to the inputs of each resource type that the program uses, and of no other. What is only read has no inputs. */
export const AWS_ANSWERS: Readonly<Record<string, Answer>> = {
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': (_, { url, clientIdLists }) =>
    typeof url === 'string'
      ? { arn: `arn:aws:iam::${AWS_ACCOUNT}:oidc-provider/${url.replace('https://', '')}` }
      : { clientIdLists: clientIdLists ?? ['sts.amazonaws.com'] },
  'aws:iam/role:Role': (_, { name }) => ({ arn: `arn:aws:iam::${AWS_ACCOUNT}:role/${String(name)}` }),
  'aws:iam/rolePolicy:RolePolicy': nothing,
  'aws:s3/bucket:Bucket': (_, { bucket }) =>
    typeof bucket === 'string' ? { arn: `arn:aws:s3:::${bucket}`, bucketRegion: 'ap-northeast-2' } : {},
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': nothing,
  'aws:s3/bucketLogging:BucketLogging': nothing,
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': nothing,
  'aws:s3/bucketPolicy:BucketPolicy': nothing,
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': nothing,
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': nothing,
  'aws:s3/bucketVersioning:BucketVersioning': nothing,
};
