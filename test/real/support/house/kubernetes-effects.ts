import type { KubernetesObject } from '../api-client.ts';
import { objectPaths } from '../api-objects.ts';
import type { ControlPlane } from '../control-plane.ts';
import { deploy, held } from '../kubernetes-objects.ts';
import type { Effects } from '../stand-in/action.ts';
import type { CloudResource } from '../stand-in/resource-type.ts';
import type { Properties } from '../stand-in/wire.ts';

/** Every object goes to the API server by strict server-side apply, as Pulumi's provider sends it. */
export function kubernetesEffects(plane: ControlPlane): Effects {
  const apply = async ({ inputs }: CloudResource): Promise<Properties> => {
    const object = inputs as unknown as KubernetesObject;
    await deploy(plane, [object]);
    const { uid } = (await held(plane, object)).metadata;
    return { metadata: { uid } };
  };
  const pathOf = objectPaths((...args) => plane.request(...args));
  return {
    create: apply,
    update: apply,
    delete: async ({ inputs }) => {
      await plane.request('DELETE', await pathOf(inputs as unknown as KubernetesObject));
    },
  };
}
