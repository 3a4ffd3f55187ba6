/**
 * What a token must be made for where a provider lists no audiences (IAM, "Configure Workload Identity Federation with Kubernetes"):
 * the provider itself.
 * @param provider `projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>`
 */
export function tokenAudience(provider: string): string {
  return `https://iam.googleapis.com/${provider}`;
}

/**
 * A credential file for Google's client libraries (AIP-4117, external accounts): trade the token in `tokenFile` for a federated one,
 * and that for one of the service account. The libraries read the file anew when the token was rotated.
 */
export function externalAccount(account: {
  readonly provider: string;
  readonly email: string;
  readonly tokenFile: string;
}): string {
  const { provider, email, tokenFile } = account;
  const impersonation = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
  return JSON.stringify({
    universe_domain: 'googleapis.com',
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    service_account_impersonation_url: impersonation,
    credential_source: { file: tokenFile, format: { type: 'text' } },
  });
}
