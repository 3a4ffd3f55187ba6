import ts from 'typescript';

/** A kernel's source with one thing changed. */
export interface Mutant {
  readonly line: number;
  /**
   * `== becomes != in a == b of isSame: return a == b;`, wherever it moves to. Where a file has several of these, those after the first
   * end with (2), (3) and so on.
   */
  readonly change: string;
  readonly source: string;
}

/** What stands in for an operator: the nearest mistake, and the opposite. */
const OPERATORS: Readonly<Partial<Record<ts.SyntaxKind, readonly string[]>>> = {
  [ts.SyntaxKind.EqualsEqualsToken]: ['!='],
  [ts.SyntaxKind.ExclamationEqualsToken]: ['=='],
  [ts.SyntaxKind.LessThanToken]: ['<=', '>='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [ts.SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [ts.SyntaxKind.BarBarToken]: ['&&'],
  [ts.SyntaxKind.PlusToken]: ['-'],
  [ts.SyntaxKind.MinusToken]: ['+'],
  [ts.SyntaxKind.AmpersandToken]: ['|'],
  [ts.SyntaxKind.BarToken]: ['&'],
  [ts.SyntaxKind.CaretToken]: ['|'],
  [ts.SyntaxKind.LessThanLessThanToken]: ['>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: ['<<'],
  [ts.SyntaxKind.BarEqualsToken]: ['='],
  [ts.SyntaxKind.AmpersandEqualsToken]: ['='],
  [ts.SyntaxKind.PlusEqualsToken]: ['='],
};

/** The innermost statement that a node stands in. */
function statementOf(node: ts.Node): ts.Node {
  return ts.isStatement(node) || node.parent.kind === ts.SyntaxKind.SourceFile
    ? node
    : statementOf(node.parent);
}

/** Every operator replaced, every number one more, every condition always so and never, one at a time. */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('kernel.ts', source, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const named = new Map<string, number>();
  let within = '';
  const replace = (node: ts.Node, text: string): void => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const { line } = file.getLineAndCharacterOfPosition(start);
    const text60 = (each: ts.Node): string => each.getText(file).replaceAll(/\s+/g, ' ').slice(0, 60);
    const place = ts.isStatement(node.parent) ? '' : `${text60(node.parent)} of `;
    const change = `${text60(node)} becomes ${text} in ${place}${within}: ${text60(statementOf(node))}`;
    const count = (named.get(change) ?? 0) + 1;
    named.set(change, count);
    found.push({
      line: line + 1,
      change: count === 1 ? change : `${change} (${count})`,
      source: source.slice(0, start) + text + source.slice(end),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node))
      for (const text of OPERATORS[node.operatorToken.kind] ?? []) replace(node.operatorToken, text);
    if (ts.isNumericLiteral(node)) replace(node, String(Number(node.text) + 1));
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.TildeToken)
      replace(node, node.operand.getText(file));
    if (ts.isIfStatement(node)) {
      replace(node.expression, 'true');
      replace(node.expression, 'false');
    }
    ts.forEachChild(node, visit);
  };
  // Constants lay out memory or name bytes; that they are right shows wherever they are used.
  for (const statement of file.statements) {
    if (!ts.isFunctionDeclaration(statement)) continue;
    within = statement.name!.text;
    visit(statement);
  }
  return found;
}
