import { AWS_RULES } from './aws.ts';
import { GCP_RULES } from './gcp.ts';
import { GKE_RULES } from './gke.ts';
import { KUBERNETES_RULES } from './kubernetes.ts';
import type { Rule } from './rule.ts';

/** Every rule that docs/security.md answers. */
export const RULES: readonly Rule[] = [...AWS_RULES, ...GCP_RULES, ...KUBERNETES_RULES, ...GKE_RULES];
