import type { types } from '@pulumi/kubernetes';
import type { Input } from '@pulumi/pulumi';

/** What a pod shows to the clouds. No key anywhere: tokens that the cluster mints for the pod and renews while it runs. */
export interface PodIdentity {
  /** Absent for a workload that never speaks to AWS. */
  readonly aws?:
    | {
        readonly roleArn: Input<string>;
        readonly region: Input<string>;
        /** The `aud` claim that the role's trust asks for. */
        readonly audience: Input<string>;
      }
    | undefined;
  readonly gcp: {
    readonly project: Input<string>;
    /** Absent on GKE, where the metadata server answers for the pod's service account. */
    readonly federation?:
      | {
          /** The `aud` claim that the workload identity pool asks for. */
          readonly audience: Input<string>;
          /** Name of the `CredentialsConfigMap`. */
          readonly credentialsConfigMap: Input<string>;
        }
      | undefined;
  };
}

/** Where tokens and the credentials document lie in the pod. */
const FOLDER = '/var/run/secrets/logferry';
const AWS_TOKEN = 'aws-token';
const GCP_TOKEN = 'gcp-token';

/** The credentials document's key in its ConfigMap, and its file name. */
export const GCP_CREDENTIALS_KEY = 'gcp-credentials.json';

/** The file that the credentials document must name as its source. */
export const GCP_TOKEN_FILE = `${FOLDER}/${GCP_TOKEN}`;

/** Seconds that a token lives; the kubelet renews it at 80 % of that. It outlives a Job, and a stolen one is soon worth nothing. */
const TOKEN_SECONDS = 3600;

type Source = types.input.core.v1.VolumeProjection;

/** The volume of tokens, and its place in the container; none where the pod needs none. */
export function identityVolumes({ aws, gcp: { federation } }: PodIdentity): {
  readonly volumes: types.input.core.v1.Volume[];
  readonly mounts: types.input.core.v1.VolumeMount[];
} {
  const sources: Source[] = [
    ...(aws === undefined ? [] : [token(AWS_TOKEN, aws.audience)]),
    ...(federation === undefined
      ? []
      : [
          token(GCP_TOKEN, federation.audience),
          {
            configMap: {
              name: federation.credentialsConfigMap,
              items: [{ key: GCP_CREDENTIALS_KEY, path: GCP_CREDENTIALS_KEY }],
            },
          },
        ]),
  ];
  if (sources.length === 0) return { volumes: [], mounts: [] };
  return {
    volumes: [{ name: 'identity', projected: { sources } }],
    mounts: [{ name: 'identity', mountPath: FOLDER, readOnly: true }],
  };
}

/** The variables by which both SDKs find them, and by which the AWS SDK leaves the node's own identity alone. */
export function identityEnvironment(
  { aws, gcp }: PodIdentity,
  session: string,
): Record<string, Input<string>> {
  return {
    ...(aws === undefined
      ? {}
      : {
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_REGION: aws.region,
          AWS_ROLE_ARN: aws.roleArn,
          // In AWS's audit log: which CronJob it was.
          AWS_ROLE_SESSION_NAME: session,
          AWS_WEB_IDENTITY_TOKEN_FILE: `${FOLDER}/${AWS_TOKEN}`,
        }),
    ...(gcp.federation === undefined
      ? {}
      : { GOOGLE_APPLICATION_CREDENTIALS: `${FOLDER}/${GCP_CREDENTIALS_KEY}` }),
    GOOGLE_CLOUD_PROJECT: gcp.project,
  };
}

function token(path: string, audience: Input<string>): Source {
  return { serviceAccountToken: { path, audience, expirationSeconds: TOKEN_SECONDS } };
}
