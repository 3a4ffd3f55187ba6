import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { tempFolder } from '../../support/temp.ts';
import { sourcePlace, startHouse } from '../support/house/house.ts';
import { hourAgo, LogProducer } from '../support/house/log-hours.ts';
import { houseProblem } from '../support/house/needs.ts';
import { endsScenario } from './ends.ts';
import { firstHourScenario } from './first-hour.ts';
import { identitiesScenario } from './identities.ts';
import { killedScenario } from './killed.ts';
import { newTypeScenario } from './new-type.ts';
import type { Story } from './story.ts';
import { upScenario } from './up.ts';

const TITLE = 'the whole house: program and workloads, from up to the count view';
const problem = houseProblem();

if (problem === undefined) describe(TITLE, theHouse);
else it.skip(`${TITLE} (skipped: ${problem})`, () => undefined);

function theHouse(this: Mocha.Suite): void {
  // Each step waits for a minute of the clock at most, and for pods on a machine that does other things.
  this.timeout(600_000);
  // One tells what the next one builds on.
  this.bail(true);
  const started: { story?: Story; stop?: () => Promise<void> } = {};
  // Before the folder is removed, in which the pods live.
  after(() => started.stop?.());
  const folder = tempFolder();

  before(async () => {
    const house = await startHouse(folder);
    started.stop = house.stop;
    const producer = await LogProducer.make(join(folder, 'sample'), house.s3.endpoint, sourcePlace());
    started.story = { house, producer, hours: [hourAgo(2), hourAgo(1)], put: [] };
  });

  const story = (): Story => started.story!;
  upScenario(story);
  firstHourScenario(story);
  identitiesScenario(story);
  newTypeScenario(story);
  killedScenario(story);
  endsScenario(story);
}
