/**
 * BigQuery: a label's value is at most 63 characters of lower-case letters, digits, _ and -. Resource Manager, "Requirements for labels":
 * and at most 128 bytes of UTF-8.
 */
const MAX_LABEL_LENGTH = 63;
const MAX_LABEL_BYTES = 128;

/** A text as a label's value: `order/created` becomes `order_created`, `2026-11-20T14` becomes `2026-11-20t14`. */
export function labelValue(text: string): string {
  const characters = Array.from(text.toLowerCase().replaceAll(/[^\p{Ll}\p{Lo}\d_-]/gu, '_'));
  let value = '';
  for (const character of characters.slice(0, MAX_LABEL_LENGTH)) {
    if (Buffer.byteLength(value + character) > MAX_LABEL_BYTES) break;
    value += character;
  }
  return value;
}
