import assert from 'node:assert/strict';
import { parseBigQueryUrl } from '../../../workloads/adapters/bigquery/bigquery-url.ts';

const DATASETS = 'raw=raw&temp=load_temp&ops=ops';
const GOOD = `bigquery://my-project?${DATASETS}&location=US`;
const FORM = 'bigquery://<project>?raw=<dataset>&temp=<dataset>&ops=<dataset>&location=<location>';

describe('a bigquery URL', () => {
  it('names project, datasets and location', () => {
    assert.deepEqual(parseBigQueryUrl('--warehouse', GOOD), {
      url: GOOD,
      project: 'my-project',
      raw: 'raw',
      temp: 'load_temp',
      ops: 'ops',
      location: 'US',
    });
    assert.equal(
      parseBigQueryUrl('--warehouse', GOOD.replace('my-project', 'example.com:old-one/')).project,
      'example.com:old-one',
    );
  });

  it('may name an endpoint and a limit; what messages tell is the rest', () => {
    const { endpoint, maximumBytesBilled, url } = parseBigQueryUrl(
      '--warehouse',
      `${GOOD}&endpoint=http://127.0.0.1:9050/&maximumBytesBilled=10737418240`,
    );
    assert.deepEqual([endpoint, maximumBytesBilled, url], ['http://127.0.0.1:9050', 10_737_418_240, GOOD]);
  });

  const WRONG: readonly [url: string, message: string][] = [
    ['bigquery:my-project', `expected ${FORM}, found "bigquery:my-project"`],
    [`bigquery://?${DATASETS}&location=US`, 'expected a project id (bigquery://<project>), found ""'],
    [
      `bigquery://My_Project?${DATASETS}&location=US`,
      'expected a project id (bigquery://<project>), found "My_Project"',
    ],
    [
      `bigquery://my-project/raw?${DATASETS}`,
      `expected ${FORM}, found "bigquery://my-project/raw?${DATASETS}"`,
    ],
    [
      'bigquery://my-project?raw=raw&location=US',
      `expected ${FORM} with temp=, ops=, found "bigquery://my-project?raw=raw&location=US"`,
    ],
    [
      'bigquery://my-project?raw=raw',
      `expected ${FORM} with temp=, ops=, location=; quote it, a shell ends it at the first &, found "bigquery://my-project?raw=raw"`,
    ],
    [
      `${GOOD}&projectt=x`,
      'unknown parameter "projectt" of a bigquery URL (known: raw, temp, ops, location, endpoint, maximumBytesBilled)',
    ],
    [
      GOOD.replace('location', 'locaton'),
      'unknown parameter "locaton" of a bigquery URL (did you mean location?) (known: raw, temp, ops, location, endpoint, maximumBytesBilled)',
    ],
    [
      `${GOOD}&maxBytesBilled=20000000`,
      'unknown parameter "maxBytesBilled" of a bigquery URL (did you mean maximumBytesBilled?) (known: raw, temp, ops, location, endpoint, maximumBytesBilled)',
    ],
    [`${GOOD}&raw=other`, `expected one value of raw, found "${DATASETS}&location=US&raw=other"`],
    [
      GOOD.replace('ops=ops', 'ops='),
      `expected one value of ops, found "raw=raw&temp=load_temp&ops=&location=US"`,
    ],
    [
      GOOD.replace('ops=ops', 'ops=a-b'),
      'expected ops= with a dataset of letters, digits and underscores, found "a-b"',
    ],
    [GOOD.replace('ops=ops', 'ops=raw'), 'expected three different datasets, found "raw, load_temp, raw"'],
    [GOOD.replace('=US', '=U.S.'), 'expected location= such as US, EU or asia-northeast3, found "U.S."'],
    [`${GOOD}&endpoint=localhost:9050`, 'expected endpoint=https://<host>[:<port>], found "localhost:9050"'],
    [
      `${GOOD}&maximumBytesBilled=1GB`,
      'expected maximumBytesBilled= with a number of bytes, at least 10485760, found "1GB"',
    ],
    [
      `${GOOD}&maximumBytesBilled=1`,
      'expected maximumBytesBilled= with a number of bytes, at least 10485760, found "1"',
    ],
  ];
  for (const [url, message] of WRONG)
    it(`${url} -> one sentence`, () => {
      assert.throws(() => parseBigQueryUrl('--warehouse', url), {
        name: 'UsageError',
        message: `--warehouse: ${message}`,
      });
    });
});
