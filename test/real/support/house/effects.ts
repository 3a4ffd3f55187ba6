import type { ControlPlane } from '../control-plane.ts';
import type { BigQueryEmulator } from '../bigquery-emulator.ts';
import type { FakeGcs } from '../fake-gcs.ts';
import type { Effects } from '../stand-in/action.ts';
import { KUBERNETES_TYPES } from '../stand-in/kubernetes-types.ts';
import { bigqueryEffects } from './bigquery-effects.ts';
import { kubernetesEffects } from './kubernetes-effects.ts';

/** Where the stand-in's effects take place. */
export interface Parts {
  readonly plane: ControlPlane;
  /** `http://127.0.0.1:PORT` of the S3 emulator. */
  readonly s3: string;
  readonly gcs: FakeGcs;
  readonly bigquery: BigQueryEmulator;
}

/** What the stand-in provider does for real, by resource type. IAM has no emulator: the front itself reads what was granted. */
export function houseEffects({ plane, s3, gcs, bigquery }: Parts): Readonly<Record<string, Effects>> {
  const objects = kubernetesEffects(plane);
  return {
    'aws:s3/bucket:Bucket': {
      create: async ({ id }) => {
        await s3Request(s3, 'PUT', `/${id}`);
        return undefined;
      },
      delete: ({ id }) => s3Request(s3, 'DELETE', `/${id}`),
    },
    'gcp:storage/bucket:Bucket': {
      create: async ({ id, inputs }) => {
        const { enabled } = (inputs.versioning ?? {}) as { enabled?: boolean };
        await gcs.makeBucket(id, { versioned: enabled === true });
        return undefined;
      },
      delete: async ({ id }) => {
        const answer = await fetch(`${gcs.url}/storage/v1/b/${id}`, { method: 'DELETE' });
        if (!answer.ok) throw new Error(`deleting bucket ${id}: ${answer.status} ${await answer.text()}`);
      },
    },
    ...bigqueryEffects(bigquery),
    ...Object.fromEntries(Object.keys(KUBERNETES_TYPES).map((type) => [type, objects])),
  };
}

/** The emulator reads the region from it and checks nothing. */
const FORM_OF_A_SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=owner/20261120/ap-northeast-2/s3/aws4_request, SignedHeaders=host, Signature=0';

/** Asks the S3 emulator as the account's owner. @param path Of bucket and key, escaped. */
export async function s3Request(
  endpoint: string,
  method: string,
  path: string,
  body?: Buffer,
): Promise<void> {
  const answer = await fetch(`${endpoint}${path}`, {
    method,
    headers: { authorization: FORM_OF_A_SIGNATURE, 'content-type': 'application/octet-stream' },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}
