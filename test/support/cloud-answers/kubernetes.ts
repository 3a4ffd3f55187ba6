import type { Answer } from '../pulumi-mocks.ts';

/** An API server computes nothing that the program reads: each object comes back as it was sent. */
const asSent: Answer = () => ({});

/** The kinds that the program makes, and no other. */
export const KUBERNETES_ANSWERS: Readonly<Record<string, Answer>> = {
  'kubernetes:batch/v1:CronJob': asSent,
  'kubernetes:core/v1:ConfigMap': asSent,
  'kubernetes:core/v1:Namespace': asSent,
  'kubernetes:core/v1:ResourceQuota': asSent,
  'kubernetes:core/v1:ServiceAccount': asSent,
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': asSent,
};
