/** What every pod of the road carries, and by which the egress policy knows it. */
export const POD_SELECTOR = { 'app.kubernetes.io/name': 'logferry' } as const;

/** Kubernetes' recommended labels. @param component The workload; none for what they share. */
export function workloadLabels(environment: string, component?: string): Record<string, string> {
  return {
    ...POD_SELECTOR,
    'app.kubernetes.io/instance': environment,
    'app.kubernetes.io/managed-by': 'pulumi',
    ...(component === undefined ? {} : { 'app.kubernetes.io/component': component }),
  };
}
