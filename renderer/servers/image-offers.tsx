// Images that other projects share with this one: to accept or to reject.
import { Badge, Button } from '@fluentui/react-components';
import { MailInboxRegular } from '@fluentui/react-icons';
import type { CloudSource } from '../../shared/plan.ts';
import type { ImageOffer, OfferState } from '../../shared/views-image.ts';
import { Card } from '../parts/card.tsx';
import { Ellipsis } from '../parts/ellipsis.tsx';
import { ErrorCard } from '../parts/error-card.tsx';
import { formatBytes, visibleName } from '../parts/format.ts';
import { useAction, useModel } from '../state/app.tsx';
import { useLoaded } from '../steps/launch/use-cloud.ts';

const WORDS: Readonly<Record<OfferState, string>> = {
  pending: 'Waits for your answer',
  accepted: 'Accepted',
  rejected: 'Rejected',
};
const COLOURS = { pending: 'warning', accepted: 'success', rejected: 'subtle' } as const;
type Answer = Exclude<OfferState, 'pending'>;

/** Nothing is shown where nothing is offered. */
export function ImageOffers({
  cloud,
  onAnswered,
}: {
  readonly cloud: CloudSource;
  /** The list of the project's images has changed. */
  readonly onAnswered: () => void;
}) {
  const { client } = useModel();
  const offers = useLoaded(() => client.call('servers.offers', { cloud }));
  const give = useAction(async (image: string, answer: Answer) => {
    await client.call('servers.answerOffer', { cloud, image, answer });
    offers.reload();
    onAnswered();
  });
  const error = give.error ?? offers.error;
  if (error) return <ErrorCard error={error} />;
  const all = offers.value ?? [];
  if (all.length === 0) return null;
  const list = (label: string, some: readonly ImageOffer[]) => (
    <ul className="offers plain-list" aria-label={label} aria-busy={give.busy}>
      {some.map((offer) => (
        <Offer key={offer.id} offer={offer} busy={give.busy} answer={(to) => void give.run(offer.id, to)} />
      ))}
    </ul>
  );
  const pending = all.filter(({ offer }) => offer === 'pending');
  const answered = all.filter(({ offer }) => offer !== 'pending');
  return (
    <Card
      title="Offered by other projects"
      icon={<MailInboxRegular />}
      hint="Accept an image only from a project that you trust: its owner decides what is inside. Your whole project sees it then."
    >
      {pending.length > 0 ? list('Images that wait for an answer', pending) : null}
      {answered.length > 0 ? (
        <details className="more">
          <summary>Answered before: {answered.length}</summary>
          {list('Images that were answered', answered)}
        </details>
      ) : null}
    </Card>
  );
}

function Offer({
  offer: { name, owner, bytes, offer },
  busy,
  answer,
}: {
  readonly offer: ImageOffer;
  readonly busy: boolean;
  readonly answer: (to: Answer) => void;
}) {
  const shown = visibleName(name);
  const button = (to: Answer, title: string) =>
    offer === to ? null : (
      <Button
        size="small"
        aria-label={`${title} ${shown}`}
        disabledFocusable={busy}
        onClick={() => answer(to)}
      >
        {title}
      </Button>
    );
  return (
    <li data-offer={offer}>
      <span className="offer-words">
        <Ellipsis text={name} />
        <span className="hint">
          From project {owner}
          {bytes === null ? '' : ` · ${formatBytes(bytes)}`}
        </span>
      </span>
      <Badge appearance="tint" color={COLOURS[offer]}>
        {WORDS[offer]}
      </Badge>
      <span className="row nowrap">
        {button('accepted', 'Accept')}
        {button('rejected', 'Reject')}
      </span>
    </li>
  );
}
