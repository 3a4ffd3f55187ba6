import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One kind of GitHub's webhooks, with what was delivered of it. */
interface Webhook {
  readonly name: string;
  readonly examples: readonly object[];
}

/** A delivery as a line of a log. */
export interface WebhookLine {
  readonly event: string;
  readonly delivery: string;
  readonly text: string;
}

/** Read as text: the numbers of the corpus must not pass through a double before they are compared. */
export const corpus = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples'), 'utf8'),
) as Webhook[];

/** One line for each delivery, by its kind and place. */
export const webhookLines: readonly WebhookLine[] = corpus.flatMap(({ name, examples }) =>
  examples.map((example, index) => ({
    event: name,
    delivery: `${name}-${index}`,
    text: JSON.stringify({ event: name, delivery: `${name}-${index}`, ...example }),
  })),
);

/** The lines in an order in which no two neighbours are of one kind for long, the same in every run. */
export const mixedLines: readonly WebhookLine[] = webhookLines.map(
  (_, index) => webhookLines[(index * 101) % webhookLines.length]!,
);
