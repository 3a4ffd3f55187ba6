import { matches, type KeyDefinition } from '../definition.ts';
import { jwks } from '../jwks.ts';
import { apiRange, controlPlaneRange, narrowRange, publicIssuer } from '../network.ts';
import { kubernetesNamespace } from '../name-rules.ts';

/** Where the workloads run, and who vouches for them. */
export const clusterKeys = {
  cluster: {
    type: 'string',
    default: 'existing',
    choices: ['existing', 'gke-autopilot'],
    description:
      'existing = one that kubeconfig reaches; gke-autopilot = a new private one in stagingLocation.',
    example: 'existing',
    expected: 'existing or gke-autopilot',
  },
  clusterIssuer: {
    type: 'string',
    default: '',
    description:
      'The existing cluster’s OIDC issuer, exactly as `kubectl get --raw /.well-known/openid-configuration` shows it. Both clouds trust its tokens.',
    example: 'https://oidc.eks.ap-northeast-2.amazonaws.com/id/0123456789ABCDEF',
    expected: 'the https URL of the cluster’s issuer',
    check: publicIssuer,
    way: 'use a cluster whose issuer is public (EKS, GKE, AKS), or publish its keys and set its --service-account-issuer to their URL',
  },
  clusterJwks: {
    type: 'string',
    default: '',
    description:
      'The issuer’s public keys (`kubectl get --raw /openid/v1/jwks`), uploaded to Google Cloud; empty = Google fetches them from the issuer. AWS always fetches.',
    unshown: true,
    example: '{"keys":[]}',
    expected: 'a JSON Web Key Set of public keys',
    check: jwks,
    way: 'pulumi config set clusterJwks "$(kubectl get --raw /openid/v1/jwks)"',
  },
  adoptOidcProvider: {
    type: 'boolean',
    default: false,
    description:
      'The AWS account already has an IAM OIDC provider for this issuer (eksctl makes one, another stack did): use it, leave it alone. AWS allows one an issuer and account.',
  },
  kubeconfig: {
    type: 'string',
    default: '',
    secret: true,
    description:
      'Text of the kubeconfig of the existing cluster; empty = what kubectl would use here (KUBECONFIG, ~/.kube/config).',
    example: '',
    expected: 'the text of a kubeconfig (kind: Config), not its path',
    check: (text) =>
      /^\s*["']?kind["']?\s*:\s*["']?Config\b|[{,]\s*"kind"\s*:\s*"Config"/m.test(text)
        ? undefined
        : 'the text of a kubeconfig (kind: Config), not its path',
    way: 'pulumi config set --secret kubeconfig < kubeconfig.yaml',
  },
  kubeContext: {
    type: 'string',
    default: '',
    description:
      'Context of the kubeconfig; empty = its current one, which production takes only of a kubeconfig that is set here.',
    example: 'my-cluster',
    expected: 'the name of a context',
    check: matches(/^\S{1,253}$/, 'the name of a context, without spaces'),
    way: 'kubectl config get-contexts lists them',
  },
  namespace: {
    type: 'string',
    default: '',
    description: 'Namespace of the workloads, made and owned by this stack; empty = <namePrefix>-<stack>.',
    example: 'logferry-dev',
    expected: 'a Kubernetes namespace',
    check: kubernetesNamespace,
  },
  gkeAuthorizedNetworks: {
    type: 'array',
    default: [],
    description:
      'gke-autopilot: public IPv4 ranges that alone reach the control plane, by its address. With none its address is closed to everybody, and it is reached by its DNS name from anywhere by whoever IAM lets through: for CI runners, whose addresses change.',
    example: '203.0.113.0/24',
    expected: 'IPv4 ranges',
    check: narrowRange,
  },
  gkeMasterCidr: {
    type: 'string',
    default: '172.16.0.0/28',
    description:
      'gke-autopilot: private range of the control plane; two clusters that are peered differ in it.',
    example: '172.16.0.0/28',
    expected: 'a private range of 16 addresses',
    check: controlPlaneRange,
  },
  egressCidr: {
    type: 'string',
    default: '0.0.0.0/0',
    description:
      'Where pods may connect to on port 443: S3, STS and Google have no fixed ranges; narrow it where all of them go through private endpoints.',
    example: '0.0.0.0/0',
    expected: 'an IPv4 range',
    check: apiRange,
  },
} as const satisfies Record<string, KeyDefinition>;
