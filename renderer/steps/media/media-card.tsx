import { Field, Input, Tab, TabList } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons';
import { type ReactNode, useId } from 'react';
import type { MediaKind } from '../../../shared/plan.ts';
import { Card } from '../../parts/card.tsx';
import { PathField } from '../../parts/path-field.tsx';
import { explainedLabel } from '../../parts/term.tsx';
import { useApp, useDraft, useModel } from '../../state/app.tsx';
import type { MediaDraft } from '../../state/draft.ts';
import { hostOf, mediaOf } from '../../state/draft-plan.ts';
import { MEDIA_TITLES } from '../../state/gating.ts';
import { MediaIdentity } from './identity.tsx';

/** One of the three files: where it comes from. */
export function MediaCard({
  kind,
  icon,
  hint,
  published,
  extensions,
}: {
  readonly kind: MediaKind;
  readonly icon: ReactNode;
  readonly hint: ReactNode;
  /** Where the file is published, as text to copy. */
  readonly published: string;
  readonly extensions: readonly string[];
}) {
  const model = useModel();
  const draft = useDraft();
  const home = useApp(({ probe }) => probe?.home);
  const id = useId();
  const media = draft.media[kind];
  const title = MEDIA_TITLES[kind];
  const host = hostOf(draft);
  const edit = (change: Partial<MediaDraft>) =>
    model.change((now) => ({ ...now, media: { ...now.media, [kind]: { ...now.media[kind], ...change } } }));
  const source = mediaOf(media);
  const connected = useApp(({ probe }) => probe !== null);
  const chosen = source !== null;
  return (
    <Card
      title={title}
      hint={hint}
      icon={icon}
      action={
        chosen ? (
          <span className="good-text">
            <CheckmarkCircleFilled aria-hidden /> Chosen
          </span>
        ) : null
      }
    >
      <TabList
        size="small"
        selectedValue={media.tab}
        aria-label={`Where the ${title} comes from`}
        onTabSelect={(_, data) => edit({ tab: data.value as MediaDraft['tab'] })}
      >
        <Tab value="host" id={`${id}-host`}>
          On the host
        </Tab>
        <Tab value="workstation" id={`${id}-workstation`}>
          On this workstation
        </Tab>
        <Tab value="download" id={`${id}-download`}>
          Download
        </Tab>
      </TabList>
      <div role="tabpanel" aria-labelledby={`${id}-${media.tab}`} className="grid two">
        {media.tab === 'host' ? (
          <PathField
            label={`${title}: path on the host`}
            name={`${title}: path on the host`}
            value={media.path}
            host={host ?? { kind: 'local' }}
            extensions={extensions}
            placeholder="/srv/media/…"
            onChange={(path) => edit({ path })}
            {...(home ? { start: home } : {})}
            {...problem(
              media.path !== '' && !media.path.startsWith('/'),
              'A path on the host begins with a slash.',
            )}
          />
        ) : null}
        {media.tab === 'workstation' ? (
          <PathField
            label={`${title}: file on this workstation`}
            name={`${title}: file on this workstation`}
            hint="Casement sends it to the host, once; a file that is already there is recognised."
            value={media.file}
            host={{ kind: 'local' }}
            extensions={extensions}
            onChange={(file) => edit({ file })}
          />
        ) : null}
        {media.tab === 'download' ? (
          <Field
            label={`${title}: address`}
            hint="The host downloads it itself and goes on where a broken line stopped."
            {...problem(
              media.url !== '' && !mediaOf({ ...media, sha256: '' }),
              'An address begins with https:// or http://',
            )}
          >
            <Input
              value={media.url}
              placeholder="https://"
              spellCheck={false}
              onChange={(_, data) => edit({ url: data.value })}
            />
          </Field>
        ) : null}
        <Field
          label={explainedLabel(`${title}: SHA-256 (optional)`, 'sha256')}
          {...problem(
            media.sha256 !== '' && !/^[0-9a-f]{64}$/i.test(media.sha256.trim()),
            'A SHA-256 is 64 digits and letters a to f.',
          )}
        >
          <Input
            value={media.sha256}
            spellCheck={false}
            onChange={(_, data) => edit({ sha256: data.value })}
          />
        </Field>
      </div>
      {source && host && (connected || !('path' in source)) ? (
        <MediaIdentity key={JSON.stringify([host, source])} kind={kind} host={host} source={source} />
      ) : null}
      <p className="hint">
        Published at: <span className="selectable">{published}</span>
      </p>
    </Card>
  );
}

function problem(wrong: boolean, message: string): { validationMessage?: string } {
  return wrong ? { validationMessage: message } : {};
}
