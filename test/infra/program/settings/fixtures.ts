import { createHash } from 'node:crypto';

/** A type of each lane, told by `kind`. */
export const SCHEMAS = {
  'quick.json': JSON.stringify({ lane: 'fast', fields: [{ name: 'kind', type: 'STRING' }] }),
  'calm.json': JSON.stringify({ lane: 'standard', fields: [{ name: 'kind', type: 'STRING' }] }),
};

/** A table that the last run left and whose schema is gone. */
export const GONE = { derived: {}, fields: [], partition: { by: 'DAY' }, type: 'gone' };

/** As the refusal prints it: the first digits over what the table is and what it becomes, framed by their length. */
const CHANGE = JSON.stringify([GONE, null]);
export const GONE_DIGEST = createHash('sha256')
  .update(`${CHANGE.length}:${CHANGE}`)
  .digest('hex')
  .slice(0, 8);

export const IMAGE = `us-docker.pkg.dev/images/team/logferry@sha256:${'0123456789abcdef'.repeat(4)}`;
export const JWKS = { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] };
export const KUBECONFIG = 'kind: Config\ncontexts: [{ name: main }]\nusers: [hush]\n';
export const AWS_KEY = 'arn:aws:kms:ap-northeast-1:333333333333:key/00000000-0000-0000-0000-000000000000';
export const STAGING_KEY = 'projects/keys/locations/asia-northeast1/keyRings/logs/cryptoKeys/staging';
export const WAREHOUSE_KEY = 'projects/keys/locations/europe/keyRings/logs/cryptoKeys/warehouse';
export const WAREHOUSE_URL =
  'bigquery://acme-logs-1?raw=team_dev_raw&temp=team_dev_load_temp&ops=team_dev_ops&location=EU';
