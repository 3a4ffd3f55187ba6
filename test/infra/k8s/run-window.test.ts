import assert from 'node:assert/strict';
import {
  ACTIVE_DEADLINE_SECONDS,
  INTERVAL_SECONDS,
  RUN_DEADLINE_SECONDS,
  STARTING_DEADLINE_SECONDS,
  TERMINATION_GRACE_SECONDS,
} from '../../../infra/k8s/run-window.ts';

describe('the time that a firing has', () => {
  it('a Job that began late and was ended by its deadline is over before the next firing', () => {
    assert.equal(INTERVAL_SECONDS, 3600);
    assert.ok(
      STARTING_DEADLINE_SECONDS + ACTIVE_DEADLINE_SECONDS + TERMINATION_GRACE_SECONDS < INTERVAL_SECONDS,
    );
  });

  it('a run stops to begin hours long before its Job is ended', () => {
    assert.ok(RUN_DEADLINE_SECONDS + TERMINATION_GRACE_SECONDS < ACTIVE_DEADLINE_SECONDS);
  });
});
