/** Why an object cannot be decoded: it is quarantined whole (design 4.1). */
export type DamageReason = 'truncated' | 'corrupt' | 'bomb' | 'window';

/** The object's compressed bytes are broken, or want more than they may; none of its lines may count. */
export class DamagedObjectError extends Error {
  readonly reason: DamageReason;

  constructor(reason: DamageReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
