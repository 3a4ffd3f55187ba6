import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What a run writes, or a test changes: settings of stacks, and schemas. */
const COPIED = ['Pulumi.yaml', 'Pulumi.dev.yaml', 'Pulumi.prod.yaml', 'package.json', 'schemas', 'examples'];

/** What is used as it is; Node follows the links, so that each file keeps its own place. */
const LINKED = ['infra', 'workloads', 'node_modules'];

/** An option for `pulumi install`, which the language host of these tests is too old to know. */
const PACKAGE_MANAGER = /^ +packagemanager: .*\n/m;

/** A checkout of this project, below `folder`, in which stacks and schemas can be changed. */
export function projectCopy(folder: string): string {
  const copy = mkdtempSync(join(folder, 'project-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(copy, name));
  const projectFile = join(copy, 'Pulumi.yaml');
  writeFileSync(projectFile, readFileSync(projectFile, 'utf8').replace(PACKAGE_MANAGER, ''));
  return copy;
}
