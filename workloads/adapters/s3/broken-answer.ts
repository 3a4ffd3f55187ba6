/** An answer of S3 that does not hold what it must: a page or a body that something on the way cut short. Worth another try. */
export class BrokenAnswerError extends Error {
  override readonly name = 'BrokenAnswerError';

  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
  }
}
