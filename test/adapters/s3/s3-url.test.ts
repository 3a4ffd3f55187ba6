import assert from 'node:assert/strict';
import { parseS3Url, plainUrl } from '../../../workloads/adapters/s3/s3-url.ts';
import { UsageError } from '../../../workloads/core/errors.ts';

const READ = {
  's3://logs': { bucket: 'logs', prefix: '' },
  's3://logs/': { bucket: 'logs', prefix: '' },
  's3://logs/app/web/': { bucket: 'logs', prefix: 'app/web' },
  's3://my.logs-2026/a b+c%20/한글': { bucket: 'my.logs-2026', prefix: 'a b+c%20/한글' },
  's3://logs//lead': { bucket: 'logs', prefix: '/lead' },
  's3://logs?region=ap-northeast-2': { bucket: 'logs', prefix: '', region: 'ap-northeast-2' },
  's3://logs/x?region=us-gov-west-1': { bucket: 'logs', prefix: 'x', region: 'us-gov-west-1' },
  's3://logs/x?region=garage&endpoint=http://127.0.0.1:3900': {
    bucket: 'logs',
    prefix: 'x',
    region: 'garage',
    endpoint: 'http://127.0.0.1:3900',
  },
  's3://logs?endpoint=https%3A%2F%2Fs3.example.com%2Fbase': {
    bucket: 'logs',
    prefix: '',
    endpoint: 'https://s3.example.com/base',
  },
};

const FORM = 's3://<bucket>[/<prefix>][?region=<region>&endpoint=<url>]';
const RULES = 'a bucket of 3 to 63 lower-case letters, digits, dots and hyphens';

const REFUSED = {
  's3:logs/app': `--source: expected ${FORM}, found "s3:logs/app"`,
  's3:/logs/app': `--source: expected ${FORM}, found "s3:/logs/app"`,
  's3://': `--source: expected ${RULES}, found ""`,
  's3:///app': `--source: expected ${RULES}, found ""`,
  's3://Logs': `--source: expected ${RULES}, found "Logs"`,
  's3://my_logs/x': `--source: expected ${RULES}, found "my_logs"`,
  's3://lo': `--source: expected ${RULES}, found "lo"`,
  's3://logs-': `--source: expected ${RULES}, found "logs-"`,
  's3://lo..gs': `--source: expected ${RULES}, found "lo..gs"`,
  's3://192.168.5.4/x': `--source: expected ${RULES}, found "192.168.5.4"`,
  's3://localhost:9000/logs': `--source: expected ${RULES}, found "localhost:9000"`,
  's3://arn:aws:s3:::logs': `--source: expected ${RULES}, found "arn:aws:s3:::logs"`,
  's3://logs--use1-az4--x-s3':
    '--source: expected a general purpose bucket (a directory bucket lists its keys in no order), found "logs--use1-az4--x-s3"',
  's3://logs?regoin=us-east-1':
    '--source: unknown parameter "regoin" of an s3 URL (did you mean region?) (known: region, endpoint)',
  's3://logs?profile=x': '--source: unknown parameter "profile" of an s3 URL (known: region, endpoint)',
  's3://logs?region=seoul': '--source: expected a region such as ap-northeast-2, found "seoul"',
  's3://logs?region=': '--source: expected one value of region, found "region="',
  's3://logs?region=us-east-1&region=us-west-2':
    '--source: expected one value of region, found "region=us-east-1&region=us-west-2"',
  's3://logs?endpoint=127.0.0.1:9000':
    '--source: expected endpoint=https://<host>[:<port>], found "127.0.0.1:9000"',
  's3://logs?endpoint=ftp://x': '--source: expected endpoint=https://<host>[:<port>], found "ftp://x"',
  's3://logs?endpoint=https://u:p@x':
    '--source: expected endpoint=https://<host>[:<port>], found "https://u:p@x"',
};

describe('s3 URLs', () => {
  for (const [url, location] of Object.entries(READ))
    it(`${url} is read`, () => assert.deepEqual(parseS3Url('--source', url), location));

  for (const [url, message] of Object.entries(REFUSED)) {
    it(`${url} is refused by one sentence`, () => {
      assert.throws(() => parseS3Url('--source', url), new UsageError(message));
    });
  }

  it('messages name a store by its URL without parameters, so that a key can follow', () => {
    assert.equal(plainUrl(parseS3Url('--source', 's3://logs/app/?region=eu-west-1')), 's3://logs/app');
    assert.equal(plainUrl(parseS3Url('--source', 's3://logs/?region=eu-west-1')), 's3://logs');
  });
});
