import { ConfigError } from '../../../infra/config/problem.ts';
import { parseConfig } from '../../../infra/config/parse.ts';

/** The least that a stack has to say. */
export const LEAST: Readonly<Record<string, string>> = {
  'logferry:awsAccountId': '111111111111',
  'logferry:gcpProject': 'logferry-dev-example',
  'logferry:clusterIssuer': 'https://oidc.eks.ap-northeast-2.amazonaws.com/id/0123456789ABCDEF',
  'logferry:image': 'registry.example.com/logferry:main',
};

/** Keys of `logferry:` without their namespace, laid over the least; null takes one away. */
export function given(settings: Readonly<Record<string, string | null>>): Record<string, string> {
  const all = Object.entries({
    ...LEAST,
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`logferry:${key}`, value])),
  });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** What is wrong with a stack's settings, one sentence each; none where they are right. */
export function problems(
  settings: Readonly<Record<string, string>>,
  { stack = 'dev', secretKeys = [] }: { stack?: string; secretKeys?: readonly string[] } = {},
): readonly string[] {
  try {
    parseConfig(settings, stack, secretKeys);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
