import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import fc from 'fast-check';
import { literal } from '../../../infra/k8s/literal.ts';

/** What Kubernetes makes of a text in `args` or `env`: third_party/forked/golang/expansion/expand.go of v1.34.0. */
function expand(input: string, variables: Readonly<Record<string, string>>): string {
  let output = '';
  let checkpoint = 0;
  for (let cursor = 0; cursor < input.length; cursor++) {
    if (input[cursor] !== '$' || cursor + 1 >= input.length) continue;
    output += input.slice(checkpoint, cursor);
    const rest = input.slice(cursor + 1);
    const close = rest.indexOf(')');
    let advance = 1;
    if (rest.startsWith('$')) output += '$';
    else if (rest.startsWith('(') && close > 0) {
      const name = rest.slice(1, close);
      output += variables[name] ?? `$(${name})`;
      advance = close + 1;
    } else output += rest.startsWith('(') ? '$(' : `$${rest[0] ?? ''}`;
    cursor += advance;
    checkpoint = cursor + 1;
  }
  return output + input.slice(checkpoint);
}

describe('texts that Kubernetes would rewrite', () => {
  it('arrive as they are', () => {
    const variables = { TMPDIR: '/scratch' };
    assert.equal(expand('$(TMPDIR)-$$', variables), '/scratch-$');
    assert.equal(expand(literal('$(TMPDIR)-$$'), variables), '$(TMPDIR)-$$');
    assert.equal(literal('plain'), 'plain');
  });

  it('property: whatever they hold', () => {
    const unit = fc.constantFrom('$', '$', '(', ')', 'A', 'é');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        assert.equal(expand(literal(text), { A: 'replaced', AA: '$$' }), text);
      }),
    );
  });

  it('also where they are known only later', async () => {
    const text = await new Promise((resolve) => {
      pulumi.output(literal(pulumi.output('a$b'))).apply(resolve);
    });
    assert.equal(text, 'a$$b');
  });
});
