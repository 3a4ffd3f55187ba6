import assert from 'node:assert/strict';
import {
  againAfter,
  causesOf,
  connectionReason,
  isPassingStatus,
} from '../../../workloads/core/network/connection.ts';
import { SilenceError } from '../../../workloads/core/network/silence.ts';

const system = (code: string, message = `connect ${code}`): Error =>
  Object.assign(new Error(message), { code });
const wrapped = (cause: unknown): Error => new Error('outer', { cause: new Error('middle', { cause }) });

describe('a connection that failed', () => {
  const again = (error: unknown): string => againAfter([...causesOf(error)]);

  it('is tried again where the network may come back, a few times where the address may be wrong, else never', () => {
    assert.deepEqual(
      ['ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'EPIPE'].map((code) => again(system(code))),
      [...['yes', 'yes', 'yes', 'yes']],
    );
    assert.deepEqual(
      ['ENOTFOUND', 'ECONNREFUSED'].map((code) => again(system(code))),
      ['few', 'few'],
    );
    assert.deepEqual(
      ['CERT_HAS_EXPIRED', 'ENOENT'].map((code) => again(system(code))),
      ['no', 'no'],
    );
    assert.equal(again(new SilenceError(1_000)), 'yes');
    assert.equal(again('a text that somebody threw'), 'no');
  });

  it('is judged by what caused it, however deep', () => {
    assert.equal(again(wrapped(system('ECONNRESET'))), 'yes');
    assert.equal(again(wrapped(new SilenceError(1_000))), 'yes');
    assert.equal(again(wrapped(system('EACCES'))), 'no');
  });

  it('says its reason in one line, without the URL that the library puts before it', () => {
    const reasons: [unknown, string][] = [
      [
        new Error('request to http://h:1/o?prefix=a%2F failed, reason: connect ECONNREFUSED h:1'),
        'connect ECONNREFUSED h:1',
      ],
      [wrapped(system('ECONNRESET')), 'outer'],
      [new Error('one\ntwo'), 'one'],
      [system('ECONNREFUSED', ''), 'ECONNREFUSED'],
      [
        new Error('request to http://localhost:1/o failed, reason: ', { cause: system('ECONNREFUSED', '') }),
        'ECONNREFUSED',
      ],
      [new Error(''), 'no reason given'],
    ];
    for (const [error, reason] of reasons) assert.equal(connectionReason(error), reason);
  });
});

describe('a status that passes', () => {
  it('is 408, 429 or of the server’s side, but not 501: that will never be done', () => {
    const passing = [200, 304, 400, 401, 403, 404, 408, 409, 412, 429, 500, 501, 502, 503, 504];
    assert.deepEqual(passing.filter(isPassingStatus), [408, 429, 500, 502, 503, 504]);
  });
});
