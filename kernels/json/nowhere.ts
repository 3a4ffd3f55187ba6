/** No position: nothing ends at the beginning of memory. */
export const NOWHERE: usize = 0;
