import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { before, beforeEach } from 'mocha';
import { Api } from '../../../workloads/adapters/bigquery/api.ts';
import { BigQueryWarehouse } from '../../../workloads/adapters/bigquery/bigquery-warehouse.ts';
import { uploadJob } from '../../../workloads/adapters/bigquery/upload.ts';
import { directoryBench } from '../../contract/directory-bench.ts';
import { large } from '../../contract/store-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { failure, FakeBigQuery, type Answer, type Asked } from './fake-bigquery.ts';

const CHUNK = 256 * 1024;
const RESOURCE = { jobReference: { jobId: 'sent' }, configuration: { load: {} } };

/** An upload session that keeps what it is sent, and fails as a test says. */
class Session {
  kept = Buffer.alloc(0);
  /** What is done with the n-th request with bytes, from 1. */
  trouble: Readonly<Record<number, 'lost' | 'half' | 'refused' | 'gone'>> = {};
  #requests = 0;
  begun = 0;

  answer = (fake: FakeBigQuery, { method, path, query, headers, body }: Asked): Answer | undefined => {
    if (method === 'POST' && query.get('uploadType') === 'resumable') {
      this.begun++;
      this.kept = Buffer.alloc(0);
      return { status: 200, json: {}, headers: { location: `${fake.url}/session` } };
    }
    return path === '/session' ? this.#put(String(headers['content-range']), body) : undefined;
  };

  #put(range: string, body: Buffer): Answer {
    const [, from, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(range)!;
    const trouble = body.length === 0 ? undefined : this.trouble[++this.#requests];
    if (trouble === 'gone') return failure(410, 'gone', 'session expired');
    if (trouble === 'refused') return failure(503, 'backendError', 'busy');
    if (from !== undefined) {
      assert.equal(Number(from), this.kept.length, range);
      const half = body.subarray(0, Math.floor(body.length / 2 / 1024) * 1024);
      this.kept = Buffer.concat([this.kept, trouble === 'half' ? half : body]);
    }
    if (trouble === 'lost') return failure(503, 'backendError', 'answer lost');
    if (total === String(this.kept.length)) return { status: 200, json: { status: { state: 'DONE' } } };
    const kept = this.kept.length === 0 ? {} : { range: `bytes=0-${this.kept.length - 1}` };
    return { status: 308, headers: kept };
  }
}

describe('rows that BigQuery cannot fetch are sent', () => {
  const folder = tempFolder();
  let fake: FakeBigQuery;
  let session: Session;
  before(async () => {
    fake = await new FakeBigQuery().listen();
  });
  beforeEach(() => {
    fake.reset();
    session = new Session();
    fake.instead = (asked) => session.answer(fake, asked);
  });
  const api = (): Api => new Api(fake.place, { retry: { deadlineMs: 1_000, baseMs: 1, capMs: 5 } });
  const pieces = async function* (bytes: Buffer): AsyncGenerator<Buffer> {
    await Promise.resolve();
    // Of a size that fits no chunk.
    for (let at = 0; at < bytes.length; at += 100_003) yield bytes.subarray(at, at + 100_003);
  };
  const send = (bytes: Buffer) => uploadJob(api(), RESOURCE, pieces(bytes), CHUNK);
  const BYTES = large(1, 1).subarray(0, 3 * CHUNK + 5);

  it('few at once, with their job', async () => {
    fake.instead = () => undefined;
    await send(Buffer.from('{"n":1}\n'));
    const [{ headers, body }] = fake.asked as [Asked];
    assert.equal(Number(headers['content-length']), body.length);
    const [, boundary] = /boundary=(.+)$/.exec(String(headers['content-type']))!;
    assert.equal(
      body.toString(),
      `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(RESOURCE)}\r\n--${boundary}\r\n` +
        `content-type: application/octet-stream\r\n\r\n{"n":1}\n\r\n--${boundary}--`,
    );
  });

  for (const size of [CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])
    it(`${size} bytes in a session, a chunk at a time`, async () => {
      const bytes = BYTES.subarray(0, size);
      assert.deepEqual(await send(bytes), { status: { state: 'DONE' } });
      assert.ok(session.kept.equals(bytes));
      const ranges = fake.asked.slice(1).map(({ headers }) => String(headers['content-range']));
      assert.equal(ranges.length, Math.ceil(size / CHUNK));
      assert.ok(ranges.slice(0, -1).every((range) => range.endsWith('/*')));
      assert.ok(ranges.at(-1)!.endsWith(`/${size}`));
    });

  for (const trouble of ['lost', 'half', 'refused'] as const)
    for (const at of [1, 2, 4])
      it(`chunk ${at} ${trouble}: goes on from what was kept`, async () => {
        session.trouble = { [at]: trouble };
        await send(BYTES);
        assert.ok(session.kept.equals(BYTES));
        assert.equal(session.begun, 1);
      });

  it('a session that is gone is begun again from the first row, for the same job', async () => {
    const { store, put } = await directoryBench(join(folder, 'files'));
    const rows = Buffer.from(`${JSON.stringify({ n: 1, s: 'x'.repeat(5_000_000) })}\n`);
    await put('a.ndjson', rows);
    session.trouble = { 2: 'gone' };
    fake.tables.set('load_temp.t', { numRows: '1' });
    const warehouse = new BigQueryWarehouse(fake.place, {
      retry: { deadlineMs: 5_000, baseMs: 1, capMs: 5 },
      poll: { baseMs: 1, capMs: 5, deadlineMs: 1_000 },
    });
    const job = { jobId: 'j', temp: 't', fields: [], store, labels: {} };
    await warehouse.session((open) => open.load({ ...job, objects: [{ key: 'a.ndjson', rows: 1 }] }));
    assert.ok(session.kept.equals(rows));
    assert.equal(session.begun, 2);
    const ids = fake.asked.flatMap(({ method, json }) =>
      method === 'POST' ? [json.jobReference.jobId] : [],
    );
    assert.equal(ids.length, 2);
    assert.equal(ids[0], ids[1]);
  });

  it('are the lines of all objects, unpacked, each with its end', async () => {
    fake.instead = () => undefined;
    const { store, put } = await directoryBench(join(folder, 'mixed'));
    await put('a.ndjson.gz', gzipSync('{"n":1}\n'));
    await put('b.ndjson', Buffer.from('{"n":2}'));
    await put('c.ndjson', Buffer.alloc(0));
    await put('d.ndjson.gz', Buffer.concat([gzipSync('{"n":3}\n'), gzipSync('{"n":4}\n')]));
    fake.outcome = () => ({ statistics: { load: { outputRows: '4' } } });
    const objects = ['a.ndjson.gz', 'b.ndjson', 'c.ndjson', 'd.ndjson.gz'].map((key) => ({ key, rows: 1 }));
    const job = { jobId: 'j', temp: 't', fields: [], store, labels: {}, objects };
    assert.equal(await new BigQueryWarehouse(fake.place).session((open) => open.load(job)), 4);
    const sent = fake.asked.find(({ path }) => path === '/upload/jobs')!.body.toString();
    assert.match(sent, /\r\n\r\n\{"n":1\}\n\{"n":2\}\n\{"n":3\}\n\{"n":4\}\n\r\n--/);
    const [sentJob] = [...fake.jobs.values()];
    assert.ok(!('sourceUris' in sentJob!.resource.configuration.load!));
  });
});
