import { after, before } from 'mocha';
import { tempFolder } from '../../support/temp.ts';
import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from './control-plane.ts';

/**
 * A control plane for the tests of the suite that calls it: started before them in a folder of its own, ended after them.
 * @param prepare Given the server once it is ready; what the tests need of it is made here.
 */
export function usePlane(
  prepare: (plane: ControlPlane) => Promise<void>,
  options: Omit<ControlPlaneOptions, 'tempFolder'> = {},
): void {
  const folder = tempFolder();
  let stop = async (): Promise<void> => undefined;

  before(async function () {
    // The harness has its own limits, whose errors show the logs.
    this.timeout(0);
    const plane = await startControlPlane({ ...options, tempFolder: folder });
    stop = plane.stop;
    await prepare(plane);
  });

  after(() => stop());
}
