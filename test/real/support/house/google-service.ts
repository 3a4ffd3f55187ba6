import { buffer } from 'node:stream/consumers';
import type { Cloud } from '../stand-in/cloud.ts';
import { forward } from './forward.ts';
import type { Exchange, Service } from './front.ts';
import { isGranted, type Need } from './google-iam.ts';
import { bearer, refuse, type GoogleTokens } from './google-sts.ts';

/** What a request needs, by the service's own documentation; undefined for one that no workload should make. */
export type NeedsOf = (exchange: Exchange, body: Buffer | undefined) => readonly Need[] | undefined;

export interface GoogleServiceOptions {
  readonly cloud: () => Cloud;
  readonly tokens: GoogleTokens;
  /** Of the emulator, which lets everybody in. */
  readonly endpoint: string;
  readonly needsOf: NeedsOf;
  /** Whether what is needed stands in the body, which is then read whole. */
  readonly readsBody: (exchange: Exchange) => boolean;
}

/** One of Google's services for whoever has a service account's token, and only for what that account was granted. */
export function googleService({
  cloud,
  tokens,
  endpoint,
  needsOf,
  readsBody,
}: GoogleServiceOptions): Service {
  return async (exchange) => {
    const email = tokens.get(bearer(exchange));
    if (email === undefined) {
      refuse(exchange, 401, 'Invalid Credentials', 'authError');
      return;
    }
    exchange.who = email;
    const body = readsBody(exchange) ? await buffer(exchange.incoming) : undefined;
    const needs = needsOf(exchange, body);
    const missing = needs?.find((need) => !isGranted(cloud(), email, need));
    if (needs === undefined || missing !== undefined) {
      exchange.incoming.resume();
      const what =
        missing === undefined ? 'this request' : `${missing.permission} on ${JSON.stringify(missing.on)}`;
      refuse(exchange, 403, `${email} does not have ${what}`, 'forbidden');
      return;
    }
    forward(exchange, endpoint, { body });
  };
}
