/** How to reach a cluster's API server. */
export interface Endpoint {
  readonly cluster: string;
  /** `https://...` */
  readonly server: string;
  /** Base64 of the certificate that signed the server's; undefined where a public authority did. */
  readonly certificate: string | undefined;
}

/**
 * A kubeconfig without any secret: whoever uses it is asked for by `gke-gcloud-auth-plugin`, with the Google credentials that are at
 * hand, and needs a role in the cluster. JSON, which is YAML too.
 */
export function kubeconfig({ cluster, server, certificate }: Endpoint): string {
  const authority = certificate === undefined ? {} : { 'certificate-authority-data': certificate };
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'gke-gcloud-auth-plugin',
    installHint: 'gcloud components install gke-gcloud-auth-plugin',
    provideClusterInfo: true,
    interactiveMode: 'Never',
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, ...authority } }],
    users: [{ name: cluster, user: { exec } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    'current-context': cluster,
  });
}
