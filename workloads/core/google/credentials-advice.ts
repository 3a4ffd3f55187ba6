/** What to look at where Google gave no credentials. @param status Of the answer of the token service, where it gave one. */
export function credentialsAdvice(status: number | undefined): string {
  if (status === 403)
    return 'Let the federated principal have roles/iam.workloadIdentityUser on the service account that the file names.';
  if (status !== undefined)
    return 'Look at the projected token that the federation file names: its issuer, audience and expiry must be those of the pool’s provider.';
  return (
    'Set GOOGLE_APPLICATION_CREDENTIALS to a workload identity federation file (a pod has it from its spec), ' +
    'or run where a metadata server is (GKE, Cloud Run, Compute Engine).'
  );
}
