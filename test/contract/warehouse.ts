import type { WarehouseBench, WarehouseDifferences } from './warehouse-bench.ts';
import { changesContract } from './warehouse-changes.ts';
import { commitContract } from './warehouse-commit.ts';
import { droppedArraysContract } from './warehouse-dropped-arrays.ts';
import { fenceContract } from './warehouse-fence.ts';
import { preparingContract } from './warehouse-preparing.ts';
import { valuesContract } from './warehouse-values.ts';

/** What every Warehouse must do, whatever engine is behind it. `makeWarehouse` gives an empty one each time. */
export function warehouseContract(
  name: string,
  makeWarehouse: () => Promise<WarehouseBench>,
  differences: WarehouseDifferences = {},
): void {
  describe(`Warehouse: ${name}`, () => {
    const contract = { make: makeWarehouse, differences };
    preparingContract(contract);
    valuesContract(contract);
    commitContract(contract);
    fenceContract(contract);
    changesContract(contract);
    droppedArraysContract(contract);
  });
}
