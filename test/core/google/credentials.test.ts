import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogferryError } from '../../../workloads/core/errors.ts';
import { assertKeyless } from '../../../workloads/core/google/credentials.ts';
import { tempFolder } from '../../support/temp.ts';

const folder = tempFolder();
const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
/** A home without any login. */
const HOME = { HOME: folder };

describe('Google credentials that are refused', () => {
  const refused = (content: string | undefined, found: string): void => {
    const path = content === undefined ? join(folder, 'missing.json') : write('refused.json', content);
    assert.throws(
      () => assertKeyless({ ...HOME, GOOGLE_APPLICATION_CREDENTIALS: path }),
      (error: LogferryError) => {
        assert.equal(error.name, 'UsageError');
        assert.equal(
          error.message,
          `GOOGLE_APPLICATION_CREDENTIALS: expected a workload identity federation file ("type": "external_account"), found ${found} at ${path}`,
        );
        assert.match(error.advice ?? '', /^logferry takes no key that lasts/);
        return true;
      },
    );
  };
  it('the key of a service account', () => {
    refused('{"type":"service_account","private_key":"x"}', 'the key of a service account');
  });
  it('a person’s login', () => {
    refused('{"type":"authorized_user","refresh_token":"x"}', 'a person’s login');
    refused('{"type":"external_account_authorized_user"}', 'a person’s login');
  });
  it('other types, no type, no object, nothing', () => {
    refused('{"type":"new_thing"}', 'a file of type "new_thing"');
    refused('{}', 'a file without "type"');
    refused('[]', 'a file without "type"');
    refused('null', 'a file without "type"');
    refused(undefined, 'ENOENT');
  });
  it('a file that is no JSON', () => {
    const path = write('text.json', 'oops');
    assert.throws(() => assertKeyless({ GOOGLE_APPLICATION_CREDENTIALS: path }), {
      name: 'UsageError',
      message: /found no JSON \(.+\) at /,
    });
  });
  it('a login that gcloud left in the home directory', () => {
    const config = join(folder, 'with-login', '.config', 'gcloud');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'application_default_credentials.json'), '{}');
    assert.throws(() => assertKeyless({ HOME: join(folder, 'with-login') }), {
      name: 'UsageError',
      message: /found none set and a person’s login in .*application_default_credentials\.json$/,
    });
  });
  it('nothing set and no login: the metadata server', () => {
    assertKeyless(HOME);
    assertKeyless({ ...HOME, GOOGLE_APPLICATION_CREDENTIALS: '' });
    assertKeyless({
      GOOGLE_APPLICATION_CREDENTIALS: write('federation.json', '{"type":"external_account"}'),
    });
  });
  it('also under the lower-case name, which the SDK takes too', () => {
    const path = write('key.json', '{"type":"service_account"}');
    assert.throws(() => assertKeyless({ ...HOME, google_application_credentials: path }), {
      name: 'UsageError',
    });
  });
});
