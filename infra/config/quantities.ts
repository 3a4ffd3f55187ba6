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
