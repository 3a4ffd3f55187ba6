/** Kubernetes, "Resource units": binary and decimal suffixes of memory and disk; whole numbers only. */
const QUANTITY_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a Kubernetes quantity such as `2Gi`; undefined where it is none. */
export function quantityBytes(text: string): number | undefined {
  const [, amount, unit = ''] = /^([1-9]\d{0,14})([KMGT]i|[kMGT])?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * QUANTITY_UNITS[unit]!;
}

/** Thousandths of a core of `100m`, `1` or `0.5`; undefined where it is none. */
export function milliCores(text: string): number | undefined {
  const [, amount, milli] = /^(\d{1,5}(?:\.\d{1,3})?)(m)?$/.exec(text) ?? [];
  if (amount === undefined || (milli !== undefined && amount.includes('.'))) return undefined;
  const cores = milli === undefined ? Math.round(Number(amount) * 1000) : Number(amount);
  return cores === 0 ? undefined : cores;
}

/** The units of `--part-size` (docs/operations.md). */
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

/** Bytes of a size as the command line takes it, `512MiB`; undefined where it is none. */
export function sizeBytes(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,12}(?:\.\d+)?)(B|KB|MB|GB|KiB|MiB|GiB)?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Math.floor(Number(amount) * SIZE_UNITS[unit]!);
}

/** The units of `--grace`, in seconds. */
const TIME_UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a time as the command line takes it, `3m`; undefined where it is none. */
export function durationSeconds(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d{1,9}(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * TIME_UNITS[unit]!;
}
