import { Storage } from '@google-cloud/storage';
import { assertKeyless } from '../../core/google/credentials.ts';
import { GoogleClient } from '../../core/google/google-client.ts';
import type { GcsLocation } from './gcs-url.ts';

/** How a client is made; everything but the place has a default. */
export interface GcsClientOptions {
  /** Milliseconds without a byte either way after which a request is given up. */
  readonly silenceMs?: number;
  /** Whether to sign requests to an endpoint, too: by default an endpoint is an emulator and gets none. */
  readonly authorize?: boolean;
}

const PUBLIC_ENDPOINT = 'https://storage.googleapis.com';

/**
 * A client of the JSON API, one level below the SDK's `File` and `Bucket`: those never end when the local file of a simple upload
 * fails, read objects without a precondition on the generation, and make an object with its own access list for each of a page's
 * thousand keys.
 * @throws UsageError where the environment holds credentials that logferry refuses.
 */
export function gcsClient(location: GcsLocation, { authorize, silenceMs }: GcsClientOptions): GoogleClient {
  const endpoint = location.endpoint ?? PUBLIC_ENDPOINT;
  const signed = authorize ?? location.endpoint === undefined;
  if (signed) assertKeyless(process.env);
  // Without a project the SDK looks for one, which no request needs: it runs gcloud, then asks two services.
  const sdk = new Storage({ apiEndpoint: endpoint, projectId: 'not-needed' });
  return new GoogleClient(endpoint, sdk.authClient, signed, { silenceMs });
}
