/**
 * A test that only some machines can run. Where it cannot run, its title says why, and the report lists it: nothing is left out
 * silently. `npm test` never skips what Node and the dependencies alone can do.
 */
export function itIf(condition: boolean, reason: string): (title: string, body: Mocha.AsyncFunc) => void {
  return (title, body) => {
    if (condition) it(title, body);
    else it.skip(`${title} (skipped: ${reason})`, body);
  };
}
