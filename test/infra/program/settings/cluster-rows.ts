import { JWKS, KUBECONFIG } from './fixtures.ts';
import { at, CRON_JOBS, KUBERNETES, OIDC, output, POOL, ROLE, type Row } from './row.ts';

/** Where the workloads run. */
export const clusterRows: readonly Row[] = [
  [
    'clusterIssuer',
    'https://issuer.example.com/a',
    [
      at(OIDC, 'url', 'https://issuer.example.com/a'),
      at(POOL, 'oidc/issuerUri', 'https://issuer.example.com/a'),
      at(ROLE, 'assumeRolePolicy/Statement/0/Condition/StringEquals', {
        'issuer.example.com/a:aud': 'sts.amazonaws.com',
        'issuer.example.com/a:sub': 'system:serviceaccount:logs:classifier',
      }),
    ],
  ],
  ['clusterJwks', JSON.stringify(JWKS), [at(POOL, 'oidc/jwksJson', JWKS)]],
  ['kubeconfig', KUBECONFIG, [at(KUBERNETES, 'kubeconfig', { secret: KUBECONFIG })]],
  ['kubeContext', 'main', [at(KUBERNETES, 'context', 'main')]],
  [
    'namespace',
    'logs',
    [
      at('kubernetes:core/v1:Namespace/*', 'metadata/name', 'logs'),
      at('kubernetes:*:*/*', 'options/provider', KUBERNETES),
      at(CRON_JOBS, 'metadata/namespace', 'logs'),
      at(
        POOL,
        'attributeCondition',
        "assertion.sub in ['system:serviceaccount:logs:classifier', 'system:serviceaccount:logs:loader']",
      ),
      output('namespace', 'logs'),
    ],
  ],
  [
    'egressCidr',
    '52.0.0.0/8',
    [
      at('kubernetes:networking.k8s.io/v1:NetworkPolicy/namespace-egress', 'spec/egress/1', {
        to: [{ ipBlock: { cidr: '52.0.0.0/8' } }],
        ports: [{ protocol: 'TCP', port: 443 }],
      }),
    ],
  ],
];
