import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { CredentialsConfigMap } from '../../../infra/k8s/credentials-config-map.ts';
import { KUBERNETES_ANSWERS } from '../../support/cloud-answers/kubernetes.ts';
import { recordProgram } from '../../support/pulumi-mocks.ts';

const record = (credentials: string) =>
  recordProgram(
    () => {
      const { name } = new CredentialsConfigMap('loader-credentials', {
        namespace: pulumi.output('logferry-dev'),
        workload: 'loader',
        credentials: pulumi.output(credentials),
        labels: { a: 'b' },
      });
      return new Promise((resolve) => {
        name.apply(resolve);
      });
    },
    { answers: KUBERNETES_ANSWERS },
  );

describe('how a pod finds Google’s token service', () => {
  it('is an immutable ConfigMap, named by its content', async () => {
    const { registrations, result } = await record('{"type":"external_account"}');
    assert.deepEqual(registrations, [
      { type: 'logferry:k8s:CredentialsConfigMap', name: 'loader-credentials', inputs: {}, options: {} },
      {
        type: 'kubernetes:core/v1:ConfigMap',
        name: 'loader-credentials-config-map',
        parent: 'logferry:k8s:CredentialsConfigMap/loader-credentials',
        inputs: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'loader-gcp-539c100d24b9', namespace: 'logferry-dev', labels: { a: 'b' } },
          immutable: true,
          data: { 'gcp-credentials.json': '{"type":"external_account"}' },
        },
        options: {},
      },
    ]);
    assert.equal(result, 'loader-gcp-539c100d24b9');
  });

  it('another content is another ConfigMap', async () => {
    const { result } = await record('{"type":"other"}');
    assert.notEqual(result, 'loader-gcp-539c100d24b9');
  });
});
