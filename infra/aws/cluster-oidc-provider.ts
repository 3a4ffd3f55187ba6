import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Refusal } from '../refusal.ts';
import { issuerHostPath, oidcProviderArn } from './arns.ts';

export interface ClusterOidcProviderArgs {
  /** The `iss` claim of the cluster's tokens, to the letter; AWS fetches its keys over public HTTPS. */
  readonly issuer: pulumi.Input<string>;
  /** The `aud` claim of the tokens that are meant for AWS. */
  readonly audience: pulumi.Input<string>;
  /** Use the account's provider for this issuer as it is: an account takes only one, and another stack may have made it. */
  readonly adopt: boolean;
  /** Twelve digits. */
  readonly accountId: pulumi.Input<string>;
  readonly tags: pulumi.Input<Record<string, string>>;
}

/**
 * AWS's knowledge of who issues the cluster's tokens. No thumbprint is given: AWS trusts the public authorities, and for others
 * takes the thumbprint itself when the provider is made.
 */
export class ClusterOidcProvider extends pulumi.ComponentResource {
  /** Known in the first preview, so that a reviewer sees whole trust policies. */
  readonly arn: pulumi.Output<string>;
  /** As it stands in condition keys: `container.googleapis.com/v1/projects/...`. */
  readonly issuerHostPath: pulumi.Output<string>;

  constructor(name: string, args: ClusterOidcProviderArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:aws:ClusterOidcProvider', name, {}, opts);
    this.issuerHostPath = pulumi.output(args.issuer).apply(issuerHostPath);
    this.arn = args.adopt ? this.adopted(name, args) : this.made(name, args);
    this.registerOutputs({ arn: this.arn, issuerHostPath: this.issuerHostPath });
  }

  private made(
    name: string,
    { issuer, audience, accountId, tags }: ClusterOidcProviderArgs,
  ): pulumi.Output<string> {
    new aws.iam.OpenIdConnectProvider(
      `${name}-provider`,
      { url: issuer, clientIdLists: [audience], tags },
      // Other environments may have adopted it by then; it costs nothing, and opens nothing without a role that trusts it.
      { parent: this, retainOnDelete: true },
    );
    return pulumi.all([accountId, issuer]).apply(([account, url]) => oidcProviderArn(account, url));
  }

  /** Under the name that it had if this stack made it: Pulumi then lets go of it, and its other users keep it. */
  private adopted(
    name: string,
    { issuer, audience, accountId }: ClusterOidcProviderArgs,
  ): pulumi.Output<string> {
    const arn = pulumi.all([accountId, issuer]).apply(([account, url]) => oidcProviderArn(account, url));
    const provider = aws.iam.OpenIdConnectProvider.get(`${name}-provider`, arn, {}, { parent: this });
    return pulumi.all([provider.id, provider.clientIdLists, audience]).apply(([id, known, wanted]) => {
      checkAudience(id, known, wanted);
      return id;
    });
  }
}

/** Without the audience AWS answers every pod `InvalidIdentityToken: Incorrect token audience`, hours after the update. */
function checkAudience(arn: string, known: readonly string[], wanted: string): void {
  if (known.includes(wanted)) return;
  throw new Refusal(
    `adopting ${arn}: expected it to accept the audience ${wanted}, found ${known.length === 0 ? 'none' : known.join(', ')}; ` +
      `add it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${wanted}`,
  );
}
