import { AWS_ACCOUNT, AWS_ANSWERS } from '../../../support/cloud-answers/aws.ts';
import { text, type ResourceType, type ResourceTypes } from './resource-type.ts';
import type { Properties } from './wire.ts';

const BUCKET = 'aws:s3/bucket:Bucket';
const ROLE = 'aws:iam/role:Role';
const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy';
const OIDC_PROVIDER = 'aws:iam/openIdConnectProvider:OpenIdConnectProvider';

const bucketOf = (inputs: Properties): string => text(inputs, 'bucket');

/** A setting of a bucket, which S3 keeps under the bucket's name. */
const bucketSetting = (more: Partial<ResourceType> = {}): ResourceType => ({
  id: bucketOf,
  replaces: ['bucket', 'expectedBucketOwner'],
  partOf: (inputs) => ({ type: BUCKET, id: bucketOf(inputs) }),
  ...more,
});

/** Who gets at a bucket: where two of these change at once, S3 refuses one (S3 API, error OperationAborted). */
const bucketAccess = bucketSetting({ exclusive: (inputs) => `access to bucket ${bucketOf(inputs)}` });

const TYPES: ResourceTypes = {
  [BUCKET]: {
    id: bucketOf,
    replaces: ['bucket', 'bucketPrefix', 'objectLockEnabled', 'region'],
    taken: (id) =>
      `creating S3 Bucket (${id}): operation error S3: CreateBucket, https response error StatusCode: 409, api error ` +
      'BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.',
    undeletable: ({ id, inputs, type }, cloud) =>
      cloud.isFilled({ type, id }) && inputs.forceDestroy !== true
        ? `deleting S3 Bucket (${id}): operation error S3: DeleteBucket, https response error StatusCode: 409, api error ` +
          'BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
        : undefined,
  },
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': bucketSetting(),
  'aws:s3/bucketLogging:BucketLogging': bucketSetting({
    needs: (inputs) => [{ type: BUCKET, id: text(inputs, 'targetBucket') }],
  }),
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': bucketAccess,
  'aws:s3/bucketPolicy:BucketPolicy': bucketAccess,
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': bucketAccess,
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': bucketSetting(),
  'aws:s3/bucketVersioning:BucketVersioning': bucketSetting(),
  [OIDC_PROVIDER]: {
    id: (inputs) =>
      `arn:aws:iam::${AWS_ACCOUNT}:oidc-provider/${text(inputs, 'url').replace('https://', '')}`,
    replaces: ['url'],
    taken: (id) =>
      'creating IAM OIDC Provider: operation error IAM: CreateOpenIDConnectProvider, https response error StatusCode: 409, ' +
      `EntityAlreadyExists: Provider with url ${id.split('oidc-provider/')[1] ?? id} already exists.`,
  },
  [ROLE]: {
    id: (inputs) => text(inputs, 'name'),
    replaces: ['name', 'namePrefix', 'path'],
    taken: (id) =>
      `creating IAM Role (${id}): operation error IAM: CreateRole, https response error StatusCode: 409, ` +
      `EntityAlreadyExists: Role with name ${id} already exists.`,
    undeletable: ({ id }, cloud) =>
      cloud.ofType(ROLE_POLICY).some(({ inputs }) => text(inputs, 'role') === id)
        ? `deleting IAM Role (${id}): operation error IAM: DeleteRole, https response error StatusCode: 409, ` +
          'DeleteConflict: Cannot delete entity, must delete policies first.'
        : undefined,
  },
  [ROLE_POLICY]: {
    id: (inputs) => `${text(inputs, 'role')}:${text(inputs, 'name')}`,
    replaces: ['role', 'name', 'namePrefix'],
    needs: (inputs) => [{ type: ROLE, id: text(inputs, 'role') }],
  },
};

/** The AWS resource types that the stand-in knows (documentation of the Terraform provider hashicorp/aws 6, which Pulumi's is made from). */
export const AWS_TYPES: ResourceTypes = Object.fromEntries(
  Object.entries(TYPES).map(([type, rules]) => [type, { computed: AWS_ANSWERS[type], ...rules }]),
);
