import type { PolicyDocument, PolicyStatement } from '../../../infra/aws/policies.ts';

/** What someone asks of AWS. Conditions look at the context; a key that is not in it was not in the request. */
export interface AccessRequest {
  readonly action: string;
  /** ARN; absent where a policy hangs on the thing itself (trust). */
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string>>;
}

export type Decision = 'allowed' | 'denied' | 'not granted';

/** An IAM pattern as an expression: `*`, `?`, and `${*}`, `${?}`, `${$}` for the characters themselves; no other variable. */
function expression(pattern: string): RegExp {
  const parts = pattern.match(/\$\{[*?$]\}|[^]/gu) ?? [];
  if (/\$\{(?![*?$]\})/.test(pattern)) throw new Error(`a policy variable in ${pattern}: not known here`);
  const source = parts.map((part) => {
    if (part === '*') return '[^]*';
    if (part === '?') return '[^]';
    return RegExp.escape(part.length === 4 && part.startsWith('${') ? part.charAt(2) : part);
  });
  return new RegExp(`^${source.join('')}$`, 'u');
}

const matches = (pattern: string, text: string): boolean => expression(pattern).test(text);

const OPERATORS: Readonly<Record<string, (wanted: string, found: string) => boolean>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringLike: matches,
  ArnLike: matches,
  Bool: (wanted, found) => wanted === found,
};

function conditionHolds(statement: PolicyStatement, context: Readonly<Record<string, string>>): boolean {
  return Object.entries(statement.Condition ?? {}).every(([name, wanted]) => {
    const operator = OPERATORS[name];
    if (operator === undefined) throw new Error(`the condition operator ${name} is not known here`);
    return Object.entries(wanted).every(([key, values]) => {
      const found = context[key];
      return found !== undefined && [values].flat().some((value) => operator(value, found));
    });
  });
}

function applies(statement: PolicyStatement, { action, resource, context }: AccessRequest): boolean {
  return (
    statement.Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    (statement.Resource === undefined ||
      statement.Resource.some((pattern) => matches(pattern, resource ?? ''))) &&
    conditionHolds(statement, context ?? {})
  );
}

/** IAM's decision by one policy: an explicit deny wins, and what nothing allows is not granted. */
export function decide(policy: PolicyDocument, request: AccessRequest): Decision {
  const effects = policy.Statement.filter((each) => applies(each, request)).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'denied';
  return effects.includes('Allow') ? 'allowed' : 'not granted';
}

/** A policy's text, from a registration's inputs. */
export function parsePolicy(text: unknown): PolicyDocument {
  if (typeof text !== 'string') throw new Error(`expected a policy as JSON text, found ${typeof text}`);
  return JSON.parse(text) as PolicyDocument;
}
