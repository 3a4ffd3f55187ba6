/** Design 5.4: `<table>_TEMP_<yyyymmddhh>_<epoch>_<schema8>_<n>`, or `_rejects` at its end. */
const TEMP = /^(.+)_TEMP_\d{10}_\d+_[0-9a-f]{8}_\d+$/;

/** The typed table that a TEMP table's rows go into, by its name; undefined for other TEMP tables. */
export function tableOfTemp(temp: string): string | undefined {
  return TEMP.exec(temp)?.[1];
}
