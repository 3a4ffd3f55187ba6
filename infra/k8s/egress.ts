import { BlockList, isIPv6 } from 'node:net';
import type { types } from '@pulumi/kubernetes';
import { Refusal } from '../refusal.ts';

type Rule = types.input.networking.v1.NetworkPolicyEgressRule;
type Peer = types.input.networking.v1.NetworkPolicyPeer;

export interface EgressArgs {
  /** Where the clouds' APIs are, in CIDR notation. */
  readonly egressCidr: string;
  /** Whether pods get their identity from GKE's metadata server. Elsewhere that address answers with the node's own. */
  readonly metadataServer: boolean;
}

/** Where nodes keep their own identity: link-local addresses, and the IPv6 metadata servers of AWS and Google Cloud. */
const METADATA_RANGES = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128'];

/** NodeLocal DNSCache, Kubernetes' and GKE's default address. */
const NODE_LOCAL_DNS = '169.254.20.10/32';

/**
 * Where a cluster's DNS Service has its address. With NodeLocal DNSCache in iptables mode the node's cache answers at that address,
 * and no selector of pods fits it: private ranges (RFC 1918, RFC 6598), for port 53 alone.
 */
const DNS_SERVICE_RANGES = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'];

/** GKE's metadata server: by that address since ever and with Dataplane V2; by the second one otherwise (GKE, "Workload Identity"). */
const METADATA_SERVER = '169.254.169.254/32';
const METADATA_SERVER_PROXY = '169.254.169.252/32';
const METADATA_SERVER_PROXY_PORT = 988;

/**
 * All that a pod may reach: names, the clouds' APIs over TLS, and on GKE the metadata server.
 * @throws Refusal where the APIs would lie where nodes keep their identity
 */
export function egressRules({ egressCidr, metadataServer }: EgressArgs): Rule[] {
  const dns: Rule = {
    to: [
      kubeSystem('kube-dns'),
      // With GKE's Dataplane V2, queries are answered by a pod of the node instead.
      kubeSystem('node-local-dns'),
      { ipBlock: { cidr: NODE_LOCAL_DNS } },
      ...DNS_SERVICE_RANGES.map((cidr) => ({ ipBlock: { cidr } })),
      // Cloud DNS for GKE answers there where the node has no cache of its own.
      ...(metadataServer ? [{ ipBlock: { cidr: METADATA_SERVER } }] : []),
    ],
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  };
  return [
    dns,
    { to: [{ ipBlock: apiBlock(egressCidr) }], ports: [{ protocol: 'TCP', port: 443 }] },
    ...(metadataServer
      ? [tcp(METADATA_SERVER, 80), tcp(METADATA_SERVER_PROXY, METADATA_SERVER_PROXY_PORT)]
      : []),
  ];
}

function tcp(cidr: string, port: number): Rule {
  return { to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] };
}

function kubeSystem(app: string): Peer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': app } },
  };
}

/** The range of nodes' own identities that all of `cidr` lies in, or undefined where some of it is elsewhere. */
export function metadataRangeAround(cidr: string): string | undefined {
  return METADATA_RANGES.find((range) => contains(range, cidr));
}

/** Kubernetes takes as exceptions only what lies inside the range, and not all of it. */
function apiBlock(cidr: string): types.input.networking.v1.IPBlock {
  const swallowed = metadataRangeAround(cidr);
  if (swallowed !== undefined) {
    throw new Refusal(
      `logferry:egressCidr: expected where the APIs of AWS and Google Cloud are, found ${cidr}, which lies in ${swallowed}, ` +
        'where nodes keep their own identity; 0.0.0.0/0 is the default.',
    );
  }
  const except = METADATA_RANGES.filter((range) => contains(cidr, range));
  return except.length === 0 ? { cidr } : { cidr, except };
}

/** Whether all of `inner` lies in `outer`. */
function contains(outer: string, inner: string): boolean {
  const [outerAddress = '', outerLength = ''] = outer.split('/');
  const [innerAddress = '', innerLength = ''] = inner.split('/');
  const family = isIPv6(outerAddress) ? 'ipv6' : 'ipv4';
  if (isIPv6(innerAddress) !== (family === 'ipv6') || Number(outerLength) > Number(innerLength)) return false;
  const list = new BlockList();
  list.addSubnet(outerAddress, Number(outerLength), family);
  return list.check(innerAddress, family);
}
