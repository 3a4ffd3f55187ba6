import { readFileSync, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, systemCode, UsageError } from '../errors.ts';

const VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS';

/** What other kinds of credential files are; each outlives the pod that it leaks from. */
const REFUSED: Readonly<Record<string, string>> = {
  service_account: 'the key of a service account',
  authorized_user: 'a person’s login',
  external_account_authorized_user: 'a person’s login',
  impersonated_service_account: 'an impersonation from another credential',
  gdch_service_account: 'the key of a service account',
};

const ADVICE =
  'logferry takes no key that lasts: a pod trades its projected token. Make the file with "gcloud iam workload-identity-pools ' +
  'create-cred-config", or run where a metadata server is (GKE, Cloud Run, Compute Engine) and set nothing.';

/**
 * Sees to it that the SDK, which looks for credentials by itself, can find no others than those that do not last: the federation
 * file that GOOGLE_APPLICATION_CREDENTIALS names, or else those of the metadata server.
 * @throws UsageError where it would take a key file, or a login in the home directory.
 */
export function assertKeyless(env: NodeJS.ProcessEnv): void {
  // The SDK takes both spellings, and an empty one for none.
  const path = [VARIABLE, VARIABLE.toLowerCase()].map((name) => env[name]).find((value) => value);
  if (path === undefined) {
    assertNoLogin(env);
    return;
  }
  const content = parse(path);
  const type =
    typeof content === 'object' && content !== null && 'type' in content ? content.type : undefined;
  if (type === 'external_account') return;
  throw refused(
    path,
    typeof type === 'string' ? (REFUSED[type] ?? `a file of type "${type}"`) : 'a file without "type"',
  );
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw refused(path, systemCode(error) ?? `no JSON (${messageOf(error)})`, error);
  }
}

function assertNoLogin(env: NodeJS.ProcessEnv): void {
  const login = join(env.HOME ?? homedir(), '.config', 'gcloud', 'application_default_credentials.json');
  if (existsSync(login))
    throw new UsageError(
      `${VARIABLE}: expected a workload identity federation file, found none set and a person’s login in ${login}`,
      { advice: ADVICE },
    );
}

function refused(path: string, found: string, cause?: unknown): UsageError {
  return new UsageError(
    `${VARIABLE}: expected a workload identity federation file ("type": "external_account"), found ${found} at ${path}`,
    { advice: ADVICE, cause },
  );
}
