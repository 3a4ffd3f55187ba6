import type { AnswerError } from '../../core/network/answer.ts';
import type { Call } from './call.ts';

/** The permission behind each call. */
const PERMISSION: Readonly<Record<Call['doing'], string>> = {
  list: 'storage.objects.list (roles/storage.objectViewer)',
  'look at': 'storage.objects.get (roles/storage.objectViewer)',
  read: 'storage.objects.get (roles/storage.objectViewer)',
  create: 'storage.objects.create (roles/storage.objectCreator)',
};

/** What is known of a refusal by GCS's own words, whatever its status. */
export function refusedAdvice({ reason, message }: AnswerError): string | undefined {
  if (/vpc service controls/i.test(message))
    return 'A service perimeter (VPC Service Controls) forbids it: look at its audit log with the id in the message.';
  if (/user ?project|requester pays/i.test(message))
    return 'The bucket is "requester pays", which logferry does not do: switch it off for this bucket.';
  if (/billing/i.test(message) || reason === 'accountDisabled')
    return 'The project’s billing is off: look at it in the Cloud console.';
  return undefined;
}

/** Which of token, role and service perimeter to look at after GCS denied access. */
export function deniedAdvice(error: AnswerError, { doing, bucket }: Call): string {
  if (error.status === 401)
    return 'GCS does not take the token, nor a new one: look at this machine’s clock and at the federation file.';
  return (
    refusedAdvice(error) ??
    `Let the identity in use have ${PERMISSION[doing]} on bucket ${bucket}; GCS also answers so where the bucket is another project’s, or not there.`
  );
}

/** What to look at where there are no credentials. @param status Of the answer of the token service, where it gave one. */
export function credentialsAdvice(status: number | undefined): string {
  if (status === 403)
    return 'Let the federated principal have roles/iam.workloadIdentityUser on the service account that the file names.';
  if (status !== undefined)
    return 'Look at the projected token that the federation file names: its issuer, audience and expiry must be those of the pool’s provider.';
  return (
    'Set GOOGLE_APPLICATION_CREDENTIALS to a workload identity federation file (a pod has it from its spec), ' +
    'or run where a metadata server is (GKE, Cloud Run, Compute Engine).'
  );
}
