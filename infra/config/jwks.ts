/** RFC 7517 and 7518: members that only a private or a symmetric key has. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const EXPECTED = 'a JSON Web Key Set of public keys';

/** For `check`: `{"keys":[{"kty":...}]}` with at least one key and nothing private in it. */
export function jwks(text: string): string | undefined {
  const keys = keysOf(text);
  if (keys === undefined || keys.length === 0) return EXPECTED;
  const objects = keys.filter((key): key is object => typeof key === 'object' && key !== null);
  if (objects.length < keys.length || !objects.every((key) => 'kty' in key)) return EXPECTED;
  return objects.some((key) => PRIVATE_MEMBERS.some((member) => member in key))
    ? `${EXPECTED}, and no private key`
    : undefined;
}

function keysOf(text: string): readonly unknown[] | undefined {
  try {
    const set = JSON.parse(text) as { keys?: unknown } | null;
    return Array.isArray(set?.keys) ? set.keys : undefined;
  } catch {
    return undefined;
  }
}
