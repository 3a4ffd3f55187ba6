import { join } from 'node:path';
import { tempFolder } from '../support/temp.ts';
import { DIRECTORY_DIFFERENCES, directoryBench } from './directory-bench.ts';
import { objectStoreContract } from './object-store.ts';

const folder = tempFolder();
let stores = 0;

objectStoreContract(
  'DirectoryStore',
  () => directoryBench(join(folder, `store-${stores++}`)),
  DIRECTORY_DIFFERENCES,
);
