import type { Exchange } from './front.ts';
import type { Need } from './google-iam.ts';

/** Cloud Storage, "IAM permissions for JSON methods". An upload session is as good as a key: whoever began it may go on. */
export function gcsNeeds({ method, url }: Exchange): readonly Need[] | undefined {
  const [, upload, bucket = '', object = ''] =
    /^(\/upload|\/download)?\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
  if (bucket === '') return undefined;
  const name = object === '' ? (url.searchParams.get('name') ?? '') : decodeURIComponent(object);
  const need = (permission: string): Need[] => [
    {
      permission,
      on: { kind: 'bucket', bucket: decodeURIComponent(bucket), ...(name === '' ? {} : { object: name }) },
    },
  ];
  if (upload === '/upload') {
    if (url.searchParams.has('upload_id')) return [];
    // Without the condition that nothing is there it may overwrite, which asks for more.
    const creates = url.searchParams.get('ifGenerationMatch') === '0';
    return method === 'POST' && name !== '' && creates ? need('storage.objects.create') : undefined;
  }
  if (method !== 'GET') return undefined;
  return need(name === '' ? 'storage.objects.list' : 'storage.objects.get');
}
