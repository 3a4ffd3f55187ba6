import type { PolicyDocument, PolicyStatement } from '../../../../infra/aws/policies.ts';

/** What somebody asks to do. `context` has the condition keys of the request, such as `s3:prefix`. */
export interface AwsRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Whether policies allow a request (IAM User Guide, "Policy evaluation logic": nothing is allowed that no statement allows, and a
 * denial wins). Knows the operators that the program uses.
 * @throws an error for any other operator: a policy must not pass because nobody read it.
 */
export function isAllowed(policies: readonly PolicyDocument[], request: AwsRequest): boolean {
  const fitting = policies.flatMap(({ Statement }) => Statement).filter((each) => fits(each, request));
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}

function fits({ Action, Resource, Condition = {} }: PolicyStatement, request: AwsRequest): boolean {
  return (
    Action.some((pattern) => matches(pattern, request.action)) &&
    (Resource ?? []).some((pattern) => matches(pattern, request.resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => {
        const found = request.context[key];
        return found !== undefined && [values].flat().some((value) => holds(operator, value, found));
      }),
    )
  );
}

function holds(operator: string, value: string, found: string): boolean {
  if (operator === 'StringEquals') return value === found;
  if (operator === 'StringLike') return matches(value, found);
  throw new Error(`the house's IAM knows no operator ${operator}`);
}

/** `*` is any text and `?` any character; `${*}`, `${?}` and `${$}` are those characters. */
function matches(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(
    /\$\{([*?$])\}|([*?])|([\\^$.+|()[\]{}])/g,
    (_, literal?: string, wild?: string, special?: string) =>
      wild === undefined ? `\\${literal ?? special ?? ''}` : wild === '*' ? '.*' : '.',
  );
  return new RegExp(`^${source}$`, 's').test(text);
}
