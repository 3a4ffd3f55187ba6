import { tempFolder } from '../support/temp.ts';
import { changingContract } from './store-changing.ts';
import { creatingContract } from './store-creating.ts';
import { listingContract } from './store-listing.ts';
import { readingContract } from './store-reading.ts';
import { localFiles, type StoreBench, type StoreDifferences } from './store-bench.ts';

/** What every ObjectStore must do, whatever lies behind it. `makeStore` gives an empty one each time. */
export function objectStoreContract(
  name: string,
  makeStore: () => Promise<StoreBench>,
  differences: StoreDifferences = {},
): void {
  describe(`ObjectStore: ${name}`, () => {
    const contract = { make: makeStore, differences, local: localFiles(tempFolder()) };
    listingContract(contract);
    readingContract(contract);
    changingContract(contract);
    creatingContract(contract);
  });
}
