/**
 * Run in a process that may have few files open: uses them all up, knocks at the doors of scratch and of a
 * directory, and prints as JSON what each of them says.
 */
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import { systemCode, type LogferryError } from '../../workloads/core/errors.ts';
import { LONG_LINE_BYTES, LineSplitter } from '../../workloads/core/lines/splitter.ts';
import { textFile } from '../../workloads/core/records.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { SpoolPool } from '../../workloads/core/scratch/spool-pool.ts';

const [folder = ''] = process.argv.slice(2);
const root = join(folder, 'store');
mkdirSync(root);
writeFileSync(join(root, 'k'), 'x');
const store = new DirectoryStore(root);
const scratch = await Scratch.create(folder);
const file = await textFile(scratch, 'text', 'y');
const spool = new SpoolPool(scratch).open('spool', { kind: 'none', level: 1 });
spool.append(Buffer.from('z'));
spool.spill();
const splitter = new LineSplitter(scratch, () => undefined);

const doors: Readonly<Record<string, { readonly free: number; readonly knock: () => unknown }>> = {
  'a new file': { free: 0, knock: () => scratch.open('new') },
  'an append': { free: 0, knock: () => scratch.append(scratch.path('appended'), Buffer.from('x')) },
  'a text': { free: 0, knock: () => textFile(scratch, 'other', 'x') },
  'a spool that is read back': { free: 1, knock: () => spool.seal() },
  'a long line that is read back': {
    free: 1,
    knock: () => {
      splitter.push(Buffer.alloc(LONG_LINE_BYTES + 2, 'x'));
      splitter.end();
    },
  },
  'an object that is read': { free: 0, knock: () => store.read('k') },
  'an object that is created': { free: 0, knock: () => store.create('l', file) },
  'a listing': { free: 0, knock: () => store.list('') },
};

const held: number[] = [];
function takeAll(): void {
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if (systemCode(error) !== 'EMFILE') throw error;
  }
}

const said: Record<string, object> = {};
for (const [door, { free, knock }] of Object.entries(doors)) {
  takeAll();
  for (let n = 0; n < free; n++) closeSync(held.pop()!);
  try {
    await knock();
    said[door] = { message: 'done' };
  } catch (error) {
    const { name, message, advice, retry } = error as LogferryError;
    said[door] = {
      name,
      message: message.replaceAll(scratch.folder, 'SCRATCH').replaceAll(folder, '.'),
      advice,
      retry,
    };
  }
}
for (const fd of held) closeSync(fd);
await scratch.remove();
process.stdout.write(JSON.stringify(said));
