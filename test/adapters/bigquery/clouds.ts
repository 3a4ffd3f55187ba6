import { startBigQueryEmulator, type BigQueryEmulator } from '../../real/support/bigquery-emulator.ts';
import { startFakeGcs, type FakeGcs } from '../../real/support/fake-gcs.ts';
import { startS3, type FakeS3 } from '../../support/s3-fauxqs.ts';
import { s3Bench } from '../../support/s3-bench.ts';
import { EmulatedDatasets } from './emulated.ts';

/** All three services of the road, each on this machine: S3, GCS, and BigQuery that loads from that GCS. */
export class Clouds {
  readonly s3: FakeS3;
  readonly gcs: FakeGcs;
  readonly bigquery: BigQueryEmulator;
  #made = 0;

  private constructor(s3: FakeS3, gcs: FakeGcs, bigquery: BigQueryEmulator) {
    [this.s3, this.gcs, this.bigquery] = [s3, gcs, bigquery];
  }

  static async start(tempFolder: string): Promise<Clouds> {
    const s3 = await startS3();
    const gcs = await startFakeGcs({ tempFolder });
    return new Clouds(s3, gcs, await startBigQueryEmulator({ tempFolder, gcs }));
  }

  async stop(): Promise<void> {
    await this.bigquery.stop();
    await Promise.all([this.gcs.stop(), this.s3.close()]);
  }

  /** A bucket of S3 with a producer. @returns Its URL, with region and endpoint. */
  async source(): Promise<{ url: string; put: (key: string, bytes: Buffer) => Promise<void> }> {
    const { bucket, put } = await s3Bench(this.s3.endpoint, 'logs');
    return { url: `s3://${bucket}/logs?region=us-east-1&endpoint=${this.s3.endpoint}`, put };
  }

  /** A bucket of GCS. @returns Its URL, with a prefix and the endpoint. */
  async staging(): Promise<string> {
    const bucket = `staging-${this.#made++}`;
    await this.gcs.makeBucket(bucket);
    return `gs://${bucket}/by-type?endpoint=${this.gcs.url}`;
  }

  /** Three datasets with the ops tables; typed tables are made by `datasets.makeType`, as Pulumi does. */
  async warehouse(): Promise<{ url: string; datasets: EmulatedDatasets }> {
    const datasets = await new EmulatedDatasets(this.bigquery, `e2e_${this.#made++}`).make();
    await datasets.makeOps();
    return { url: `${datasets.place.url}&endpoint=${this.bigquery.url}`, datasets };
  }
}
