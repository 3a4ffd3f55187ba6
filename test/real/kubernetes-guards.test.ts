import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import type { types } from '@pulumi/kubernetes';
import { describe, it } from 'mocha';
import { recordEnvironment } from '../support/program.ts';
import { ApiError } from './support/api-client.ts';
import type { ControlPlane } from './support/control-plane.ts';
import { cronJob, deploy, kubernetesObjects } from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';

const NAMESPACE = 'logferry-dev';

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
/** A pod spec whose inputs are plain values. */
type Plain = PodSpec & { containers: [Container & { securityContext: object }]; volumes: object[] };

/** As the server holds them; what was not set is not there. */
type NetworkPolicySpec = Partial<types.output.networking.v1.NetworkPolicySpec> & {
  readonly podSelector: LabelSelector;
};
type EgressRule = types.output.networking.v1.NetworkPolicyEgressRule;
type Peer = Partial<types.output.networking.v1.NetworkPolicyPeer>;
interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

interface Destination {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** The `k8s-app` label of a pod in kube-system. */
  readonly app?: string;
}

const selects = ({ matchLabels = {} }: LabelSelector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);

function inRange(address: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(address);
}

function isPeer({ ipBlock, namespaceSelector, podSelector }: Peer, { address, app }: Destination): boolean {
  if (ipBlock !== undefined) {
    const except = (ipBlock.except as string[] | undefined) ?? [];
    return inRange(address, ipBlock.cidr) && !except.some((range) => inRange(address, range));
  }
  return (
    app !== undefined &&
    selects(namespaceSelector as LabelSelector, { 'kubernetes.io/metadata.name': 'kube-system' }) &&
    selects(podSelector as LabelSelector, { 'k8s-app': app })
  );
}

/** What a plugin of the cluster would make of the rules: any rule whose ports and peers both fit. */
function opens(rules: readonly EgressRule[], to: Destination): boolean {
  return rules.some(
    ({ ports, to: peers }) =>
      ports.some(({ port, protocol }) => port === to.port && protocol === to.protocol) &&
      peers.some((peer) => isPeer(peer, to)),
  );
}

const refusal = (serverMessage: string) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual([error.status, error.reason, error.serverMessage], [403, 'Forbidden', serverMessage]);
  return true;
};

describe('the guards of the namespace, on a real API server', () => {
  let plane: ControlPlane;

  usePlane(async (started) => {
    plane = started;
    // A firing in the middle would take room from the quota that is counted here.
    const { registrations } = await recordEnvironment('dev', { 'logferry:suspend': 'true' });
    await deploy(plane, kubernetesObjects(registrations));
  });

  /** The pod of the classifier, with something changed. Dry: admission decides, and nothing stays. */
  async function tryPod(change: (spec: Plain) => unknown): Promise<unknown> {
    const { spec } = (await cronJob(plane, NAMESPACE, 'classifier')).spec.jobTemplate.spec.template;
    change(spec as unknown as Plain);
    const metadata = { name: 'tried', namespace: NAMESPACE };
    return plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, { dryRun: true });
  }

  async function networkPolicies(): Promise<NetworkPolicySpec[]> {
    const path = `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/networkpolicies`;
    const { items } = (await plane.request('GET', path)) as { items: { spec: NetworkPolicySpec }[] };
    return items.map(({ spec }) => spec);
  }

  it('the program’s own pod is let in', async () => {
    await tryPod(() => undefined);
    assert.deepEqual(plane.warnings, []);
  });

  const violations: [string, (spec: Plain) => unknown][] = [
    [
      'privileged (container "logferry" must not set securityContext.privileged=true), ' +
        'allowPrivilegeEscalation != false (container "logferry" must set securityContext.allowPrivilegeEscalation=false)',
      ({ containers: [{ securityContext }] }) =>
        Object.assign(securityContext, { privileged: true, allowPrivilegeEscalation: true }),
    ],
    [
      'allowPrivilegeEscalation != false (container "logferry" must set securityContext.allowPrivilegeEscalation=false)',
      ({ containers: [{ securityContext }] }) =>
        Object.assign(securityContext, { allowPrivilegeEscalation: true }),
    ],
    [
      'unrestricted capabilities (container "logferry" must set securityContext.capabilities.drop=["ALL"])',
      ({ containers: [{ securityContext }] }) => Object.assign(securityContext, { capabilities: {} }),
    ],
    [
      'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
      (spec) => Object.assign(spec.securityContext!, { runAsNonRoot: false }),
    ],
    [
      'runAsUser=0 (pod must not set runAsUser=0)',
      (spec) => Object.assign(spec.securityContext!, { runAsUser: 0 }),
    ],
    [
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
      (spec) => Object.assign(spec.securityContext!, { seccompProfile: { type: 'Unconfined' } }),
    ],
    ['host namespaces (hostNetwork=true)', (spec) => Object.assign(spec, { hostNetwork: true })],
    [
      'restricted volume types (volume "node" uses restricted volume type "hostPath")',
      ({ volumes }) => volumes.push({ name: 'node', hostPath: { path: '/' } }),
    ],
  ];
  for (const [violation, change] of violations)
    it(`refuses a pod that breaks the restricted level: ${violation.split(' (')[0]}`, () =>
      assert.rejects(
        tryPod(change),
        refusal(`pods "tried" is forbidden: violates PodSecurity "restricted:v1.34": ${violation}`),
      ));

  it('nothing comes in, the road’s pods reach names and the clouds’ APIs, and others reach nothing', async () => {
    const policies = await networkPolicies();
    assert.deepEqual(
      policies.map(({ podSelector, policyTypes, ingress }) => ({ podSelector, policyTypes, ingress })),
      [
        { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: undefined },
        {
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'logferry' } },
          policyTypes: ['Egress'],
          ingress: undefined,
        },
      ],
    );
    const mayReach = (labels: Record<string, string>, to: Destination): boolean =>
      policies.some((policy) => selects(policy.podSelector, labels) && opens(policy.egress ?? [], to));
    const road = { 'app.kubernetes.io/name': 'logferry', 'app.kubernetes.io/component': 'loader' };
    const cases: [string, Destination, boolean][] = [
      ['S3 over TLS', { address: '52.219.56.1', port: 443, protocol: 'TCP' }, true],
      ['the same without TLS', { address: '52.219.56.1', port: 80, protocol: 'TCP' }, false],
      ['the same over UDP', { address: '52.219.56.1', port: 443, protocol: 'UDP' }, false],
      ['a mail server', { address: '203.0.113.25', port: 25, protocol: 'TCP' }, false],
      ['the node’s metadata', { address: '169.254.169.254', port: 80, protocol: 'TCP' }, false],
      ['the node’s metadata over TLS', { address: '169.254.169.254', port: 443, protocol: 'TCP' }, false],
      ['NodeLocal DNS', { address: '169.254.20.10', port: 53, protocol: 'UDP' }, true],
      ['kube-dns', { app: 'kube-dns', address: '10.0.0.9', port: 53, protocol: 'TCP' }, true],
      ['kube-dns’s metrics', { app: 'kube-dns', address: '10.0.0.9', port: 10054, protocol: 'TCP' }, false],
    ];
    for (const [what, to, open] of cases) {
      assert.equal(mayReach(road, to), open, what);
      assert.equal(mayReach({ app: 'something-else' }, to), false, what);
    }
  });

  it('the egress policy knows the pods of every CronJob by their label', async () => {
    const { items } = (await plane.request('GET', `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`)) as {
      items: { spec: types.output.batch.v1.CronJobSpec }[];
    };
    assert.deepEqual(
      items.map(({ spec }) => spec.jobTemplate.spec.template.metadata.labels['app.kubernetes.io/name']),
      items.map(() => 'logferry'),
    );
    assert.equal(items.length, 7);
  });

  it('the quota refuses what the road never makes', async () => {
    const metadata = { name: 'tried', namespace: NAMESPACE };
    const service = (type: string): Promise<unknown> =>
      plane.apply({ apiVersion: 'v1', kind: 'Service', metadata, spec: { type, ports: [{ port: 443 }] } });
    const exceeded = (what: string, requested: string): ReturnType<typeof refusal> => {
      const of = (amount: number): string =>
        requested
          .split(',')
          .map((resource) => `${resource}=${amount}`)
          .join(',');
      return refusal(
        `${what} "tried" is forbidden: exceeded quota: quota, requested: ${of(1)}, used: ${of(0)}, limited: ${of(0)}`,
      );
    };
    await assert.rejects(
      service('LoadBalancer'),
      exceeded('services', 'services,services.loadbalancers,services.nodeports'),
    );
    await assert.rejects(service('NodePort'), exceeded('services', 'services,services.nodeports'));
    await assert.rejects(service('ClusterIP'), exceeded('services', 'services'));
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await assert.rejects(
      plane.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: claim }),
      exceeded('persistentvolumeclaims', 'persistentvolumeclaims'),
    );
  });

  it('the quota holds a pod for each CronJob and four by hand, and refuses one more', async () => {
    const { spec } = (await cronJob(plane, NAMESPACE, 'classifier')).spec.jobTemplate.spec.template;
    const pod = (index: number): Promise<unknown> =>
      plane.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `p${index}`, namespace: NAMESPACE },
        spec,
      });
    for (let index = 1; index <= 7 + 4; index++) await pod(index);
    const error = await pod(12).then(
      () => assert.fail('the twelfth pod was let in'),
      (reason: unknown) => reason as ApiError,
    );
    assert.match(
      error.serverMessage,
      /^pods "p12" is forbidden: exceeded quota: quota, requested: .*\bpods=1,/,
    );
  });
});
