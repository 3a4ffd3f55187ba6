import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { describe, it } from 'mocha';
import { ApiError, type KubernetesObject } from './support/api-client.ts';
import type { ControlPlane } from './support/control-plane.ts';
import { usePlane } from './support/use-plane.ts';
import { waitFor } from './support/wait.ts';

/** The next full minute, when a CronJob of every minute fires, and time for a busy machine. */
const FIRING_SECONDS = 120;

const NAMESPACE = 'harness';

/** A pod of the restricted Pod Security level. */
const podSpec = {
  serviceAccountName: 'worker',
  restartPolicy: 'Never',
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'main',
      image: 'example.test/image:1',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  rest: Record<string, unknown> = {},
): KubernetesObject => ({ apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...rest });

/** Says exactly how the server refused. */
const refusal = (status: number, serverMessage: string) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual([error.status, error.serverMessage], [status, serverMessage]);
  return true;
};

describe('the real API server of these tests', () => {
  let plane: ControlPlane;

  usePlane(async (started) => {
    plane = started;
    const labels = {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    };
    await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
    await plane.apply(object('v1', 'ServiceAccount', 'worker'));
  });

  it('tells the version that go.mod pins', async () => {
    const { gitVersion, major, minor } = (await plane.request('GET', '/version')) as Record<string, string>;
    assert.deepEqual({ gitVersion, major, minor }, { gitVersion: 'v1.34.0', major: '1', minor: '34' });
  });

  it('refuses a field that it does not know, and keeps nothing of the object', async () => {
    await assert.rejects(
      plane.apply(object('v1', 'ConfigMap', 'typo', { dta: { a: 'b' } })),
      refusal(
        500,
        `failed to create typed patch object (${NAMESPACE}/typo; /v1, Kind=ConfigMap): .dta: field not declared in schema`,
      ),
    );
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
    await assert.rejects(
      plane.request('POST', `${path}?fieldValidation=Strict`, object('v1', 'ConfigMap', 'typo', { dta: {} })),
      refusal(
        400,
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"',
      ),
    );
    await assert.rejects(plane.request('GET', `${path}/typo`), refusal(404, 'configmaps "typo" not found'));
  });

  it('refuses a kind that it does not serve', async () => {
    await assert.rejects(plane.apply(object('batch/v1', 'CronJbo', 'typo')), {
      message: 'CronJbo typo: the server knows no kind CronJbo in batch/v1',
    });
  });

  it('keeps nothing of a dry run', async () => {
    const kept = await plane.apply(object('v1', 'ConfigMap', 'dry', { data: { a: 'b' } }), { dryRun: true });
    assert.deepEqual(kept.data, { a: 'b' });
    await assert.rejects(
      plane.request('GET', `/api/v1/namespaces/${NAMESPACE}/configmaps/dry`),
      refusal(404, 'configmaps "dry" not found'),
    );
  });

  it('refuses a privileged pod in a restricted namespace, and only there', async () => {
    const [container] = podSpec.containers;
    const spec = {
      ...podSpec,
      serviceAccountName: 'default',
      containers: [{ ...container, securityContext: { privileged: true } }],
    };
    await assert.rejects(
      plane.apply(object('v1', 'Pod', 'privileged', { spec })),
      refusal(
        403,
        'pods "privileged" is forbidden: violates PodSecurity "restricted:latest": ' +
          'privileged (container "main" must not set securityContext.privileged=true), ' +
          'allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), ' +
          'unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"])',
      ),
    );
    const elsewhere = { name: 'privileged', namespace: 'default' };
    await plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata: elsewhere, spec }, { dryRun: true });
  });

  it('warns of a Job whose pods it would refuse', async () => {
    const [container] = podSpec.containers;
    const template = {
      spec: { ...podSpec, containers: [{ ...container, securityContext: { privileged: true } }] },
    };
    const seen = plane.warnings.length;
    await plane.apply(object('batch/v1', 'Job', 'warned', { spec: { template } }), { dryRun: true });
    const [warning = ''] = plane.warnings.slice(seen);
    assert.match(warning, /^would violate PodSecurity "restricted:latest": privileged \(container "main"/);
  });

  it('fires a CronJob: its controllers make a Job and a Pod', async function () {
    this.timeout(0);
    const jobTemplate = { spec: { template: { spec: podSpec } } };
    const { metadata } = await plane.apply(
      object('batch/v1', 'CronJob', 'every-minute', {
        spec: { schedule: '* * * * *', timeZone: 'Etc/UTC', jobTemplate },
      }),
    );
    const owned = (kind: string, path: string, uid: unknown): Promise<KubernetesObject> =>
      waitFor(`a ${kind} of every-minute`, FIRING_SECONDS, async () => {
        const list = (await plane.request('GET', path)) as {
          items: { metadata: { ownerReferences?: { uid: string }[] } }[];
        };
        return list.items.find((each) =>
          each.metadata.ownerReferences?.some((owner) => owner.uid === uid),
        ) as KubernetesObject | undefined;
      });
    const job = await owned('Job', `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`, metadata.uid);
    const pod = await owned('Pod', `/api/v1/namespaces/${NAMESPACE}/pods`, job.metadata.uid);
    assert.match(job.metadata.name, /^every-minute-\d+$/);
    assert.ok(pod.metadata.name.startsWith(`${job.metadata.name}-`), pod.metadata.name);
    const { serviceAccountName, restartPolicy } = pod.spec as Record<string, unknown>;
    assert.deepEqual(
      { serviceAccountName, restartPolicy },
      { serviceAccountName: 'worker', restartPolicy: 'Never' },
    );
  });

  it('mints tokens that its published keys verify, for the issuer and the audiences that were asked for', async () => {
    const audiences = ['sts.amazonaws.com', 'https://iam.example.test/pool'];
    const token = await plane.mintToken(NAMESPACE, 'worker', audiences);
    const [head = '', body = '', signature = ''] = token.split('.');
    const decode = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const { alg, kid } = decode(head);
    assert.equal(alg, 'RS256');
    const jwk = plane.jwks.keys.find((each) => each.kid === kid);
    assert.ok(jwk, `no key ${String(kid)} among ${JSON.stringify(plane.jwks)}`);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const verified = (text: string): boolean =>
      verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url'));
    assert.equal(verified(`${head}.${body}`), true);
    assert.equal(verified(`${head}.${body}x`), false);
    const { iss, aud, sub } = decode(body);
    assert.deepEqual(
      { iss, aud, sub },
      { iss: plane.issuer, aud: audiences, sub: `system:serviceaccount:${NAMESPACE}:worker` },
    );
    assert.equal(plane.issuer, 'https://issuer.example.test');
  });

  it('lets in nobody without a token, and a service account only where it has a role', async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
    const stranger = { authorization: `Bearer ${randomBytes(8).toString('hex')}` };
    await assert.rejects(plane.request('GET', path, undefined, stranger), refusal(401, 'Unauthorized'));
    const token = await plane.mintToken(NAMESPACE, 'worker', [plane.issuer]);
    await assert.rejects(
      plane.request('GET', path, undefined, { authorization: `Bearer ${token}` }),
      refusal(
        403,
        `configmaps is forbidden: User "system:serviceaccount:${NAMESPACE}:worker" cannot list resource "configmaps" ` +
          `in API group "" in the namespace "${NAMESPACE}"`,
      ),
    );
  });
});
