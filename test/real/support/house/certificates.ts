import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority of the house's own, and what it vouches for. */
export interface Certificates {
  /** PEM file of the authority, for whoever is to trust it. */
  readonly caFile: string;
  /** PEM of the servers' key and certificate. */
  readonly key: string;
  readonly cert: string;
}

/** Longer than any run of the tests. */
const DAYS = '2';

/** Makes an authority and one certificate for `names` (`*.example.com` stands for one label), with files in `folder`. */
export function makeCertificates(folder: string, names: readonly string[]): Certificates {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-keyout', file('ca.key'), '-out', file('ca.crt'), '-days', DAYS, '-subj', '/CN=The house'];
  openssl('req', '-x509', ...newKey, ...ca);
  openssl('req', ...newKey, '-keyout', file('front.key'), '-out', file('front.csr'), '-subj', '/CN=front');
  writeFileSync(file('names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
  const signed = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', DAYS];
  openssl(
    ...['x509', '-req', '-in', file('front.csr'), ...signed],
    ...['-extfile', file('names'), '-out', file('front.crt')],
  );
  return {
    caFile: file('ca.crt'),
    key: readFileSync(file('front.key'), 'utf8'),
    cert: readFileSync(file('front.crt'), 'utf8'),
  };
}
