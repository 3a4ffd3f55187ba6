/** What the programs of one control plane share: its folder's files and its ports on 127.0.0.1. */
export interface ControlPlaneLayout {
  /** Holds etcd's data, certificates, keys, tokens and logs. */
  readonly folder: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiPort: number;
  /** Issuer of service account tokens: an https URL, as AWS and Google Cloud demand. */
  readonly issuer: string;
  /** PEM files: the key that signs service account tokens, and its public half. */
  readonly signingKeyFile: string;
  readonly publicKeyFile: string;
  /** CSV: token,user,uid,"group,...". */
  readonly tokenFile: string;
  readonly kubeconfigFile: string;
  /** The server writes its own certificate here, signed by an authority that it makes at the same time. */
  readonly certificateFolder: string;
  readonly caFile: string;
}

/** What the CronJobs, Jobs and Pods of a cluster need, and the rest of a namespace's life; nothing that needs nodes. */
const CONTROLLERS = [
  'cronjob-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'resourcequota-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'ttl-after-finished-controller',
];

/** etcd with one member. */
export function etcdFlags({ folder, etcdPort, etcdPeerPort }: ControlPlaneLayout): string[] {
  const client = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${etcdPeerPort}`;
  return [
    '--name=only',
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=only=${peer}`,
  ];
}

/** kube-apiserver with its default admission plugins: Pod Security, quotas, service accounts and field validation are all real. */
export function apiServerFlags(layout: ControlPlaneLayout): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${layout.etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${layout.apiPort}`,
    // Endpoints on a loopback address are invalid, and nothing in these tests reaches the server through its Service.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${layout.certificateFolder}`,
    `--token-auth-file=${layout.tokenFile}`,
    '--authorization-mode=RBAC',
    `--service-account-issuer=${layout.issuer}`,
    `--service-account-key-file=${layout.publicKeyFile}`,
    `--service-account-signing-key-file=${layout.signingKeyFile}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // Clusters that people run allow it: who refuses a privileged pod is Pod Security, as there.
    '--allow-privileged=true',
  ];
}

/** kube-controller-manager with the controllers that these tests need. */
export function controllerManagerFlags(layout: ControlPlaneLayout): string[] {
  return [
    `--kubeconfig=${layout.kubeconfigFile}`,
    `--controllers=${CONTROLLERS.join(',')}`,
    `--service-account-private-key-file=${layout.signingKeyFile}`,
    `--root-ca-file=${layout.caFile}`,
    '--leader-elect=false',
    // It has nothing to serve, and a port of its own could be taken.
    '--secure-port=0',
  ];
}
