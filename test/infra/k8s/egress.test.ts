import assert from 'node:assert/strict';
import { egressRules } from '../../../infra/k8s/egress.ts';
import { Refusal } from '../../../infra/refusal.ts';

const KUBE_SYSTEM = { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } };
const DNS_PODS = ['kube-dns', 'node-local-dns'].map((app) => ({
  namespaceSelector: KUBE_SYSTEM,
  podSelector: { matchLabels: { 'k8s-app': app } },
}));
const DNS_SERVICES = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map((cidr) => ({
  ipBlock: { cidr },
}));
const DNS_PORTS = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];
const tcp = (cidr: string, port: number) => ({
  to: [{ ipBlock: { cidr } }],
  ports: [{ protocol: 'TCP', port }],
});

/** The range that may be reached over TLS. */
const apiBlock = (egressCidr: string): unknown => egressRules({ egressCidr, metadataServer: false })[1];

describe('what pods may reach', () => {
  it('names and TLS; nowhere the node’s own identity', () => {
    assert.deepEqual(egressRules({ egressCidr: '0.0.0.0/0', metadataServer: false }), [
      { to: [...DNS_PODS, { ipBlock: { cidr: '169.254.20.10/32' } }, ...DNS_SERVICES], ports: DNS_PORTS },
      {
        to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }],
        ports: [{ protocol: 'TCP', port: 443 }],
      },
    ]);
  });

  it('on GKE also its metadata server: for identity, and for names', () => {
    const rules = egressRules({ egressCidr: '0.0.0.0/0', metadataServer: true });
    assert.deepEqual(rules[0], {
      to: [
        ...DNS_PODS,
        { ipBlock: { cidr: '169.254.20.10/32' } },
        ...DNS_SERVICES,
        { ipBlock: { cidr: '169.254.169.254/32' } },
      ],
      ports: DNS_PORTS,
    });
    assert.deepEqual(rules.slice(2), [tcp('169.254.169.254/32', 80), tcp('169.254.169.252/32', 988)]);
  });

  it('exceptions are named only where the range holds them, as Kubernetes wants it', () => {
    const block = (cidr: string, except?: string[]): unknown => ({
      to: [{ ipBlock: { cidr, ...(except === undefined ? {} : { except }) } }],
      ports: [{ protocol: 'TCP', port: 443 }],
    });
    assert.deepEqual(apiBlock('10.20.0.0/16'), block('10.20.0.0/16'));
    assert.deepEqual(apiBlock('128.0.0.0/1'), block('128.0.0.0/1', ['169.254.0.0/16']));
    assert.deepEqual(apiBlock('169.252.0.0/14'), block('169.252.0.0/14', ['169.254.0.0/16']));
    assert.deepEqual(apiBlock('::/0'), block('::/0', ['fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128']));
    assert.deepEqual(apiBlock('fd20::/16'), block('fd20::/16', ['fd20:ce::254/128']));
    assert.deepEqual(apiBlock('2600:1f00::/24'), block('2600:1f00::/24'));
  });

  it('a range within which nodes keep their identity is refused', () => {
    for (const [cidr, range] of [
      ['169.254.0.0/16', '169.254.0.0/16'],
      ['169.254.169.254/32', '169.254.0.0/16'],
      ['fe80::/64', 'fe80::/10'],
      ['fd00:ec2::254/128', 'fd00:ec2::254/128'],
    ] as const) {
      assert.throws(
        () => apiBlock(cidr),
        (error) => {
          assert.ok(error instanceof Refusal);
          assert.equal(
            error.message,
            `logferry:egressCidr: expected where the APIs of AWS and Google Cloud are, found ${cidr}, which lies in ${range}, ` +
              'where nodes keep their own identity; 0.0.0.0/0 is the default.',
          );
          return true;
        },
      );
    }
  });
});
