// What the caller judges: keys of JSON are remembered in trees that grow.

/** Position past the value at `at` of a JSON column, or NOWHERE. */
@external('row', 'json')
export declare function skipJson(at: usize, column: u32): usize;

/** Position past the member at `at`, which is no field's, or NOWHERE where it is not surely one that can be kept. */
@external('row', 'kept')
export declare function skipKept(at: usize): usize;
