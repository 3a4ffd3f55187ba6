/** What docs/security.md says of a rule in one setting of the program. */
export type Answer =
  | { readonly kind: 'pass' | 'no' | 'n/a' }
  /** All but these resources keep the rule; sorted. */
  | { readonly kind: 'except'; readonly failing: readonly string[] };

/** One row of a table of rules. */
export interface Answered {
  readonly id: string;
  readonly production: Answer;
  readonly everySwitch: Answer;
  /** Where the program does it, or why it does not. */
  readonly reason: string;
}

/** Two capitals or more, or S and digits: what scanners call their rules. */
const ID = /^(CKV_[A-Z0-9]+_\d+|S3\.\d+)$/;

/** The rows of all tables of rules in a Markdown text. @throws Error for a cell that says none of the four answers */
export function answeredRules(markdown: string): readonly Answered[] {
  return markdown.split('\n').flatMap((line) => {
    const [, id = '', , production = '', everySwitch = '', reason = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    if (!ID.test(id)) return [];
    return [{ id, production: answer(id, production), everySwitch: answer(id, everySwitch), reason }];
  });
}

function answer(id: string, cell: string): Answer {
  if (cell === 'pass' || cell === 'no' || cell === 'n/a') return { kind: cell };
  const failing = /^except (`[\w-]+`(, )?)+$/.test(cell)
    ? [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!)
    : [];
  if (failing.length > 0) return { kind: 'except', failing };
  throw new Error(`${id}: expected pass, no, n/a or except \`name\`, ..., found ${JSON.stringify(cell)}`);
}
