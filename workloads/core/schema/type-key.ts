import type { LogType } from './log-type.ts';

/**
 * The type key is a key like any other: where no STRING field lists it, every row of the type would be a misfit.
 * @returns The types that would reject all their rows.
 */
export function withoutTypeKey(types: readonly LogType[], typeKey: string): LogType[] {
  return types.filter(({ fields, unknownFields }) => {
    const field = fields.find(({ name }) => name === typeKey);
    if (field === undefined) return unknownFields === 'reject';
    return field.type !== 'STRING' || field.mode === 'REPEATED';
  });
}
