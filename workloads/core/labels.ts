/** BigQuery: a label's value is at most 63 characters of lower-case letters, digits, _ and -. */
const MAX_LABEL_LENGTH = 63;

/** A text as a label's value: `order/created` becomes `order_created`, `2026-11-20T14` becomes `2026-11-20t14`. */
export function labelValue(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{Ll}\p{Lo}\d_-]/gu, '_')
    .slice(0, MAX_LABEL_LENGTH);
}
