import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeGcs, type FakeGcs } from '../../test/real/support/fake-gcs.ts';
import { startSts } from '../../test/support/fake-sts.ts';
import { startS3, type FakeS3 } from '../../test/support/s3-fauxqs.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';
import type { LogType } from '../../workloads/core/schema/log-type.ts';
import { BigQueryStandIn } from './bigquery-stand-in.ts';
import { schemaFiles, type SourceObject } from './hour.ts';
import { makeCertificate, startTlsFront } from './tls.ts';

/** S3, STS, GCS and BigQuery on this machine, each behind TLS as the clouds are; empty. */
export interface Clouds {
  /** What a pod's settings would name. */
  readonly urls: {
    readonly source: string;
    /** The same source in GCS, to see what reading from there costs. */
    readonly gcsSource: string;
    readonly staging: string;
    readonly warehouse: string;
  };
  /** What the processes need besides their pod's environment to find them. */
  readonly env: Readonly<Record<string, string>>;
  readonly schemas: string;
  readonly bigquery: BigQueryStandIn;
  /** Puts an object into the source bucket, of S3 where nothing else is said. */
  readonly put: (object: SourceObject, where?: 's3' | 'gs') => Promise<void>;
  readonly stop: () => Promise<void>;
}

const SOURCE = 'bench-source';
const STAGING = 'bench-staging';

/** Starts them in this process, fake-gcs-server aside. @param folder For certificates, logs and schema files. */
export async function startClouds(folder: string): Promise<Clouds> {
  const certificate = makeCertificate(folder);
  const { schemas, types } = writeSchemas(folder);
  const s3 = await startS3();
  const sts = await startSts();
  const gcs = await startFakeGcs({ tempFolder: folder });
  s3.store.createBucket(SOURCE);
  await gcs.makeBucket(STAGING);
  await gcs.makeBucket(SOURCE);
  const bigquery = await new BigQueryStandIn(certificate, (uri) => publicUrl(gcs, uri), types).listen();
  const fronts = await Promise.all(
    [s3.endpoint, gcs.url, sts.endpoint].map((url) => startTlsFront(url, certificate)),
  );
  const [s3Front, gcsFront, stsFront] = fronts.map(({ url }) => url);
  return {
    urls: {
      source: `s3://${SOURCE}?endpoint=${s3Front}`,
      gcsSource: `gs://${SOURCE}?endpoint=${gcsFront}`,
      staging: `gs://${STAGING}?endpoint=${gcsFront}`,
      warehouse: bigquery.warehouse,
    },
    env: { NODE_EXTRA_CA_CERTS: certificate.file, AWS_ENDPOINT_URL_STS: stsFront! },
    schemas,
    bigquery,
    put: (object, where = 's3') =>
      where === 'gs' ? gcs.put(SOURCE, object.key, object.body) : put(s3, object),
    stop: async () => {
      for (const front of fronts) await front.close();
      await Promise.all([bigquery.close(), gcs.stop(), sts.close(), s3.close()]);
    },
  };
}

function writeSchemas(folder: string): { readonly schemas: string; readonly types: readonly LogType[] } {
  const schemas = join(folder, 'schemas');
  mkdirSync(schemas);
  const types = Object.entries(schemaFiles()).map(([file, text]) => {
    writeFileSync(join(schemas, file), text);
    const parsed = parseLogType(file, text);
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    return parsed.logType;
  });
  return { schemas, types };
}

/** Where fake-gcs-server gives the bytes of `gs://bucket/key`. */
function publicUrl(gcs: FakeGcs, uri: string): string {
  const [, bucket = '', key = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  return `${gcs.url}/storage/v1/b/${bucket}/o/${encodeURIComponent(key)}?alt=media`;
}

async function put({ endpoint }: FakeS3, { key, body }: SourceObject): Promise<void> {
  const answer = await fetch(`${endpoint}/${SOURCE}/${key}`, {
    method: 'PUT',
    // fauxqs reads the region from it and checks nothing.
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=x/20261120/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new Uint8Array(body),
  });
  if (!answer.ok) throw new Error(`PUT ${key}: ${answer.status} ${await answer.text()}`);
}
