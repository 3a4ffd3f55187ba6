import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as pulumi from '@pulumi/pulumi';
import { load } from 'js-yaml';
import { AWS_ANSWERS } from './cloud-answers/aws.ts';
import { GCP_ANSWERS } from './cloud-answers/gcp.ts';
import { KUBERNETES_ANSWERS } from './cloud-answers/kubernetes.ts';
import { recordProgram, type Recorded, type Setting } from './pulumi-mocks.ts';

export type Environment = 'dev' | 'prod';

/** A stack's settings beside those of its file; `undefined` takes one out. */
export type Overrides = Readonly<Record<string, string | undefined>>;

const ROOT = new URL('../../', import.meta.url);

/** The settings of a committed stack file, as the engine hands them to the program: by full name, everything a text, lists as JSON. */
export function stackSettings(environment: Environment): Record<string, string> {
  const file = fileURLToPath(new URL(`Pulumi.${environment}.yaml`, ROOT));
  const { config } = load(readFileSync(file, 'utf8')) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** What all three clouds answer for the types that the program uses. */
export const CLOUD_ANSWERS = { ...AWS_ANSWERS, ...GCP_ANSWERS, ...KUBERNETES_ANSWERS };

let runs = 0;

/** What outputs hold, once it is known. */
function known<T>(outputs: T): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply(resolve);
  });
}

/** Runs the whole program as it stands for an environment. */
export async function recordEnvironment(
  environment: Environment,
  overrides: Overrides = {},
  setting: Omit<Setting, 'config' | 'stack' | 'answers'> = {},
): Promise<Recorded<Record<string, unknown>>> {
  const settings = Object.entries({ ...stackSettings(environment), ...overrides });
  return recordProgram(
    async () => {
      // A module runs once: each run is another module to Node.
      runs += 1;
      const outputs = (await import(`../../infra/index.ts?run=${runs}`)) as Record<string, unknown>;
      return known({ ...outputs });
    },
    {
      ...setting,
      stack: environment,
      config: Object.fromEntries(
        settings.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ),
      answers: CLOUD_ANSWERS,
    },
  );
}
