import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A stand-in for AWS STS that gives a session for any token, or says what it was told to say. */
export interface FakeSts {
  readonly endpoint: string;
  /** The tokens that came, in their order. */
  readonly tokens: string[];
  /** How long sessions last from now on, in milliseconds. */
  sessionMs: number;
  /** Error code to answer with in place of a session. */
  refuse: string | undefined;
  close(): Promise<void>;
}

/** The n-th session has the access key `SESSION<n>`. */
export async function startSts(): Promise<FakeSts> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body);
      response.setHeader('content-type', 'text/xml');
      if (sts.refuse !== undefined) {
        response.writeHead(sts.refuse === 'AccessDenied' ? 403 : 400).end(refusal(sts.refuse));
        return;
      }
      sts.tokens.push(form.get('WebIdentityToken') ?? '');
      response.end(session(sts.tokens.length, form.get('RoleArn') ?? '', sts.sessionMs));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sts: FakeSts = {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    tokens: [],
    sessionMs: 3_600_000,
    refuse: undefined,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return sts;
}

function session(count: number, role: string, lastsMs: number): string {
  const until = new Date(Date.now() + lastsMs).toISOString();
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<AssumedRoleUser><Arn>${role}/x</Arn><AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>SESSION${count}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t${count}</SessionToken>
<Expiration>${until}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
}

function refusal(code: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>refused</Message></Error></ErrorResponse>`;
}
