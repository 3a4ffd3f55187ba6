import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, systemCode } from '../../core/errors.ts';

/** What a failed call tells, whoever threw it: S3, the services that give credentials, the network, or the SDK. */
export interface Facts {
  /** S3's error code (`NoSuchKey`), or the name of a JavaScript error. HEAD answers have no body, and so `Unknown`. */
  readonly name: string;
  readonly message: string;
  /** Of the answer, where there was one. */
  readonly status: number | undefined;
  /** Of a failure of the system: ECONNRESET. */
  readonly code: string | undefined;
  /** Where S3 says that the bucket is. */
  readonly bucketRegion: string | undefined;
  /** Whether the failure came on the way to credentials, before S3 was asked. */
  readonly credentials: boolean;
}

/** What the SDK attaches to its errors. */
interface SdkError {
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
  /** In the body of AuthorizationHeaderMalformed. */
  readonly Region?: unknown;
  /** Of a file system error. */
  readonly path?: unknown;
}

/** Names of the SDK's errors where no provider of its chain gave credentials. */
const PROVIDER_ERRORS = ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'];

export function factsOf(error: unknown, env: NodeJS.ProcessEnv): Facts {
  const sdk = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const name = error instanceof Error ? error.name : 'Error';
  const inBody = typeof sdk.Region === 'string' ? sdk.Region : undefined;
  return {
    name,
    message: firstLine(messageOf(error)) ?? systemCode(error) ?? 'no reason given',
    status: sdk.$metadata?.httpStatusCode ?? sdk.$response?.statusCode,
    code: systemCode(error),
    bucketRegion: sdk.$response?.headers?.['x-amz-bucket-region'] ?? inBody,
    credentials:
      PROVIDER_ERRORS.includes(name) ||
      (sdk.$fault !== undefined && !(error instanceof S3ServiceException)) ||
      (sdk.path !== undefined && sdk.path === env.AWS_WEB_IDENTITY_TOKEN_FILE),
  };
}

/** The SDK adds hints for its own developers below; Node says nothing where several addresses of a host refused. */
function firstLine(message: string): string | undefined {
  const [line = ''] = message.split('\n', 1);
  return line === '' ? undefined : line;
}
