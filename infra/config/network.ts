import { BlockList, isIP } from 'node:net';
import { isIssuer } from '../aws/arns.ts';
import { metadataRangeAround } from '../k8s/egress.ts';

/** Names that no public resolver answers: RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`, and what offices use. */
const PRIVATE_NAMES = [
  ...['localhost', 'local', 'internal', 'svc', 'home.arpa', 'test', 'invalid'],
  ...['lan', 'corp', 'home', 'intranet', 'private'],
];

/** IAM API, CreateOpenIDConnectProvider: "Length Constraints: Minimum length of 1. Maximum length of 255". */
const MAX_ISSUER_LENGTH = 255;

const ISSUER_FORM = `https://<host>[/<path>] of letters, digits and -._~% without port, query or user, at most ${MAX_ISSUER_LENGTH} characters`;

/** What is expected of a cluster's issuer where it is not one that AWS can fetch keys from, else undefined. */
export function publicIssuer(issuer: string): string | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== 'https:' || issuer.length > MAX_ISSUER_LENGTH) return ISSUER_FORM;
  if (!isPublicName(url.hostname))
    return 'an issuer with a public host name, for AWS fetches its keys over public HTTPS';
  // Judged by what makes its ARN later: a grammar of its own would let through what stops an update half-way.
  return HOST.test(url.hostname) && isIssuer(issuer) ? undefined : ISSUER_FORM;
}

/** RFC 1123: labels of letters, digits and hyphens. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** An address is none: no authority that AWS trusts gives a certificate for it, and IAM takes no colon. */
function isPublicName(host: string): boolean {
  const isAddress = isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  if (isAddress || !host.includes('.') || host.endsWith('.')) return false;
  return !PRIVATE_NAMES.some((name) => host.endsWith(`.${name}`));
}

interface Cidr {
  readonly address: string;
  readonly bits: number;
}

/** An IPv4 range whose host bits are 0; undefined where the text is none. */
function cidr(text: string): Cidr | undefined {
  const [, address = '', prefix = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d|[12]\d|3[0-2])$/.exec(text) ?? [];
  if (isIP(address) !== 4) return undefined;
  const bits = Number(prefix);
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return number % 2 ** (32 - bits) === 0 ? { address, bits } : undefined;
}

const CIDR = 'an IPv4 range such as 203.0.113.0/24, with nothing but zeros behind the prefix';

/** For `check`: any range. */
export function ipv4Range(text: string): string | undefined {
  return cidr(text) === undefined ? CIDR : undefined;
}

/** For `check`: a range in which the APIs of both clouds can be. */
export function apiRange(text: string): string | undefined {
  const around = cidr(text) === undefined ? undefined : metadataRangeAround(text);
  return around === undefined
    ? ipv4Range(text)
    : `a range where the APIs of AWS and Google Cloud are, not within ${around}, where nodes keep their own identity`;
}

/** The largest ranges that registries ever gave one owner; two halves of the internet are all of it. */
const MIN_NARROW_BITS = 8;

/** For `check`: a range that somebody may call their own. */
export function narrowRange(text: string): string | undefined {
  const range = cidr(text);
  if (range === undefined) return CIDR;
  return range.bits < MIN_NARROW_BITS
    ? `a range no wider than /${MIN_NARROW_BITS}, for two halves of the internet are all of it`
    : undefined;
}

/** Whether all of one range lies in another; both are valid. */
export function isWithin(inner: string, outer: string): boolean {
  const [{ address, bits }, around] = [cidr(inner)!, cidr(outer)!];
  const list = new BlockList();
  list.addSubnet(around.address, around.bits);
  return bits >= around.bits && list.check(address);
}

/** RFC 1918. */
const PRIVATE_ADDRESSES = new BlockList();
PRIVATE_ADDRESSES.addSubnet('10.0.0.0', 8);
PRIVATE_ADDRESSES.addSubnet('172.16.0.0', 12);
PRIVATE_ADDRESSES.addSubnet('192.168.0.0', 16);

/** GKE: "The range must be a /28 of RFC 1918 addresses" for a private control plane. */
export function controlPlaneRange(text: string): string | undefined {
  const range = cidr(text);
  return range?.bits === 28 && PRIVATE_ADDRESSES.check(range.address)
    ? undefined
    : 'a private range of 16 addresses such as 172.16.0.0/28 that no other network uses';
}
