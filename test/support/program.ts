import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

/** Content by file name. */
export type SchemaFiles = Readonly<Record<string, string>>;

/** The project's own schema files. */
export function projectSchemas(): SchemaFiles {
  const folder = fileURLToPath(new URL('schemas/', ROOT));
  const files = globSync('*.json', { cwd: folder }).filter((file) => file !== 'log-type.schema.json');
  return Object.fromEntries(files.map((file) => [basename(file), readFileSync(join(folder, file), 'utf8')]));
}

/** What a run is given besides settings. */
export interface Run extends Omit<Setting, 'config' | 'stack' | 'answers'> {
  /** In place of the project's own; they come to lie where `logferry:schemasDir` says. */
  readonly schemas?: SchemaFiles;
}

/** Runs the whole program as it stands for an environment. */
export async function recordEnvironment(
  environment: Environment,
  overrides: Overrides = {},
  { schemas, ...setting }: Run = {},
): Promise<Recorded<Record<string, unknown>>> {
  const entries = Object.entries({ ...stackSettings(environment), ...overrides });
  const config = Object.fromEntries(
    entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const run = (): Promise<Recorded<Record<string, unknown>>> =>
    recordProgram(
      async () => {
        // A module runs once: each run is another module to Node.
        runs += 1;
        const outputs = (await import(`../../infra/index.ts?run=${runs}`)) as Record<string, unknown>;
        return known({ ...outputs });
      },
      { ...setting, stack: environment, config, answers: CLOUD_ANSWERS },
    );
  return schemas === undefined
    ? run()
    : inFolderWith(config['logferry:schemasDir'] ?? 'schemas', schemas, run);
}

/** Runs where `folder` below the working directory holds these files, and nothing else is there: the engine runs it beside Pulumi.yaml. */
async function inFolderWith<T>(folder: string, files: SchemaFiles, work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  const project = mkdtempSync(join(tmpdir(), 'logferry-program-'));
  try {
    mkdirSync(join(project, folder), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(project, folder, file), content);
    process.chdir(project);
    return await work();
  } finally {
    process.chdir(before);
    rmSync(project, { recursive: true });
  }
}
