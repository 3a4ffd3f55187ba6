import Mocha from 'mocha';

/** mocha's own report, then what was skipped and why, then one line that machines read. */
export default class Reporter extends Mocha.reporters.Dot {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const skipped: string[] = [];
    runner.on(Mocha.Runner.constants.EVENT_TEST_PENDING, (test: Mocha.Test) =>
      skipped.push(test.fullTitle()),
    );
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const reasons =
        skipped.length === 0
          ? 'Skipped: nothing.'
          : `Skipped:\n${skipped.map((title) => `  - ${title}`).join('\n')}`;
      console.log(`${reasons}\n\n${passes} passed, ${failures} failed, ${skipped.length} skipped`);
    });
  }
}
