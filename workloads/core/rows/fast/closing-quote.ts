const QUOTE = 0x22;

/** Position past the quote at `end`, or -1 where none is. @param end Of a value; -1 where it is none. */
export function skipClosingQuote(bytes: Buffer, end: number): number {
  // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
  if (end === -1) return -1;
  return bytes[end] === QUOTE ? end + 1 : -1;
}
