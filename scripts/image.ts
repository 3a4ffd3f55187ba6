import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, NATIVE_PACKAGES } from './bundle.ts';
import { bundledPackages, installedPackages, readLockfile } from './image-packages.ts';
import { imageSbom } from './image-sbom.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where the program lies in the image, and the papers that belong to it. */
const APP = 'app';
const PAPERS = 'usr/share/doc/logferry';

/**
 * Writes the files that the image has over its base: the bundle, the packages with native parts for this machine's platform, the
 * license, and a CycloneDX bill of all that was bundled or copied. Nothing else of the checkout gets into the image.
 * @param out The root of the image's own files; is emptied first.
 */
export async function writeImageFiles(out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const [app, papers] = [join(out, APP), join(out, PAPERS)];
  await mkdir(papers, { recursive: true });
  const metafile = await bundle(join(app, 'dist'));
  const lockfile = await readLockfile(ROOT);
  const installed = installedPackages(lockfile, ROOT, NATIVE_PACKAGES);
  for (const path of installed) await cp(join(ROOT, path), join(app, path), { recursive: true });
  const { name, version, license, type } = JSON.parse(
    await readFile(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  await writeFile(join(app, 'package.json'), `${JSON.stringify({ name, version, license, type })}\n`);
  await cp(join(ROOT, 'LICENSE'), join(papers, 'LICENSE'));
  const bom = imageSbom(ROOT, lockfile, [...bundledPackages(metafile), ...installed]);
  await writeFile(join(papers, 'sbom.cdx.json'), `${JSON.stringify(bom, undefined, 2)}\n`);
}

if (import.meta.main) {
  const [out] = process.argv.slice(2);
  if (out === undefined)
    throw new Error('expected the folder of the image’s files: node scripts/image.ts <folder>');
  await writeImageFiles(out);
}
