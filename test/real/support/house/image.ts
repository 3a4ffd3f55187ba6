import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeImageFiles } from '../../../../scripts/image.ts';
import { imageEnvironment, readDockerfile } from '../../../support/dockerfile.ts';

const DOCKERFILE = fileURLToPath(new URL('../../../../workloads/Dockerfile', import.meta.url));

/** What a container is made from: what is mounted into it, read-only, what it runs and with which variables. */
export interface Image {
  /** Path on this machine by path in the container. */
  readonly files: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The image as its Dockerfile says, with this machine's Node and C library for a base. */
export async function buildImage(folder: string): Promise<Image> {
  await writeImageFiles(folder);
  const instructions = readDockerfile(readFileSync(DOCKERFILE, 'utf8'));
  const entrypoint = instructions.findLast(({ name }) => name === 'ENTRYPOINT')?.value;
  if (entrypoint === undefined) throw new Error(`${DOCKERFILE}: expected an ENTRYPOINT, found none`);
  return {
    files: { '/usr': '/usr', '/nodejs/bin/node': process.execPath, '/app': join(folder, 'app') },
    entrypoint: JSON.parse(entrypoint) as string[],
    env: imageEnvironment(instructions),
  };
}
