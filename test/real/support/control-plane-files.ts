import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlaneLayout } from './control-plane-flags.ts';

/** AWS and Google Cloud take only https issuers; `.test` names nobody (RFC 6761). */
export const ISSUER = 'https://issuer.example.test';

/** Where the files of a control plane lie in its folder. */
export function layoutOf(
  given: Pick<ControlPlaneLayout, 'folder' | 'issuer' | 'etcdPort' | 'etcdPeerPort' | 'apiPort'>,
): ControlPlaneLayout {
  const { folder } = given;
  return {
    ...given,
    signingKeyFile: join(folder, 'service-account.key'),
    publicKeyFile: join(folder, 'service-account.pub'),
    tokenFile: join(folder, 'tokens.csv'),
    kubeconfigFile: join(folder, 'kubeconfig.json'),
    certificateFolder: join(folder, 'certificates'),
    caFile: join(folder, 'ca.crt'),
  };
}

/** Writes the signing keys and the token file, fresh for each server; returns the administrator's token. */
export function writeIdentities(layout: ControlPlaneLayout): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const adminToken = randomBytes(24).toString('base64url');
  mkdirSync(layout.certificateFolder);
  writeFileSync(layout.signingKeyFile, privateKey, { mode: 0o600 });
  writeFileSync(layout.publicKeyFile, publicKey);
  writeFileSync(layout.tokenFile, `${adminToken},admin,admin,"system:masters"\n`, { mode: 0o600 });
  return adminToken;
}

/** Lets kubectl, Pulumi and the controllers in. A kubeconfig is YAML, and JSON is YAML. */
export function writeKubeconfig(
  { kubeconfigFile, caFile }: ControlPlaneLayout,
  url: string,
  token: string,
): void {
  const name = 'logferry-test';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'certificate-authority': caFile } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  writeFileSync(kubeconfigFile, JSON.stringify(config), { mode: 0o600 });
}
