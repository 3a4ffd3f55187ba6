/** The units of sizes, in bytes (docs/operations.md, `--part-size`). */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Bytes of a size as the command line takes it, `512MiB`; undefined where it is none, or less than a byte and not 0. */
export function sizeBytes(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,15}(?:\.\d+)?)(B|KB|MB|GB|KiB|MiB|GiB)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const bytes = Number(amount) * SIZE_UNITS[unit]!;
  // 0 often means "no limit", which nobody means by half a byte.
  return bytes > 0 && bytes < 1 ? undefined : Math.floor(bytes);
}

/** The units of times, in milliseconds (docs/operations.md, `--grace`). */
const TIME_UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a time as the command line takes it, `3m`; undefined where it is none. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d{1,9}(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * TIME_UNITS_MS[unit]!;
}
