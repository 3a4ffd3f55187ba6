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
