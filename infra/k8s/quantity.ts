const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti'] as const;
const DECIMAL = ['', 'k', 'M', 'G', 'T'] as const;

/**
 * Bytes as the API server writes them back: the largest suffix that leaves a whole number (k8s.io/apimachinery, resource.Quantity).
 * Any other spelling of the same size would be a change in each preview that follows a refresh.
 */
export function bytesQuantity(bytes: number): string {
  const binary = shortest(bytes, 1024, BINARY);
  return binary === String(bytes) ? shortest(bytes, 1000, DECIMAL) : binary;
}

/** Thousandths of a core as the API server writes them back: whole cores without a suffix. */
export function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

function shortest(amount: number, base: number, suffixes: readonly string[]): string {
  let value = amount;
  let step = 0;
  while (value > 0 && value % base === 0 && step < suffixes.length - 1) {
    value /= base;
    step += 1;
  }
  return `${value}${suffixes[step] ?? ''}`;
}
