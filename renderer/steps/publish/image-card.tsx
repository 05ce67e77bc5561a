import { Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { ImageRegular } from '@fluentui/react-icons';
import { PROJECT_ID } from '../../../shared/plan-image.ts';
import type { GlanceView, ImageView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { Explained, explainedLabel } from '../../parts/term.tsx';
import { useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { wordsOf } from '../../state/draft-image.ts';
import { buildName } from '../../state/draft-plan.ts';
import { namesakes } from './namesakes.ts';
import { visibilityAdvice } from './visibility.ts';

const VISIBILITY = {
  private: 'Private: only your project',
  shared: 'Shared: projects you invite',
  community: 'Community: everybody who knows its ID',
  public: 'Public: everybody',
} as const;

const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];

/** Name, audience and protection of the image; `glance` is null until the cloud was asked. */
export function ImageCard({ glance }: { readonly glance: GlanceView | null }) {
  const model = useModel();
  const draft = useDraft();
  const allowed = useApp(({ cloud }) => cloud?.publicAllowed);
  const { image } = draft;
  const { publicRefused, hint, problem } = visibilityAdvice(allowed, image.visibility);
  const edit = (change: Partial<Draft['image']>) =>
    model.change((now) => ({ ...now, image: { ...now.image, ...change } }));
  return (
    <Card
      title="Image"
      icon={<ImageRegular />}
      hint={
        <>
          What appears in the cloud: an <Explained term="image">image</Explained> from which servers start.
        </>
      }
    >
      <div className="grid two">
        <Field label="Image name">
          <Input
            value={image.name}
            maxLength={255}
            placeholder={buildName(draft)}
            onChange={(_, data) => edit({ name: data.value })}
          />
        </Field>
        <Field
          label={explainedLabel('Visibility', 'visibility')}
          hint={hint}
          {...(problem ? { validationMessage: problem } : {})}
        >
          <Select
            value={image.visibility}
            onChange={(_, data) => edit({ visibility: data.value as Draft['image']['visibility'] })}
          >
            {keysOf(VISIBILITY).map((visibility) => (
              <option key={visibility} value={visibility} disabled={visibility === 'public' && publicRefused}>
                {VISIBILITY[visibility]}
              </option>
            ))}
          </Select>
        </Field>
        {image.visibility === 'shared' ? (
          <Field
            className="span"
            label="Projects to share it with"
            hint="Their IDs, with commas between them. Each project must accept: somebody there calls “openstack image set --accept” with the image’s ID, which you see after the upload."
            {...membersProblem(image.members)}
          >
            <Input
              value={image.members}
              spellCheck={false}
              placeholder="for example 3f8e0c64a9d14c0a8d0e6c2b7a91f5e3"
              onChange={(_, data) => edit({ members: data.value })}
            />
          </Field>
        ) : null}
        <Field
          label="Tags"
          hint="Words to find it by, with commas between them. May stay empty."
          className="span"
        >
          <Input value={image.tags} spellCheck={false} onChange={(_, data) => edit({ tags: data.value })} />
        </Field>
      </div>
      <Checkbox
        label="Protect it: nobody can delete the image until this is taken back"
        checked={image.protected}
        onChange={(_, data) => edit({ protected: data.checked === true })}
      />
      <Replace
        checked={image.replace}
        older={glance ? namesakes(glance, image.name) : null}
        onChange={(replace) => edit({ replace })}
      />
    </Card>
  );
}

function membersProblem(line: string): { validationMessage?: string } {
  const wrong = wordsOf(line).find((word) => !PROJECT_ID.test(word));
  return wrong === undefined
    ? {}
    : { validationMessage: `“${wrong}” is no ID. Write the ID of the project, not its name.` };
}

function Replace({
  checked,
  older,
  onChange,
}: {
  readonly checked: boolean;
  readonly older: readonly ImageView[] | null;
  readonly onChange: (replace: boolean) => void;
}) {
  return (
    <div>
      <Checkbox
        label="Replace the image that has this name now"
        checked={checked}
        onChange={(_, data) => onChange(data.checked === true)}
      />
      {older !== null && older.length > 0 ? (
        <ul className="hint replaced">
          {older.map(({ id, name, createdAt }) => (
            <li key={id}>
              {checked ? (
                <>
                  <strong>{name}</strong> of {createdAt.slice(0, 10)} will be called{' '}
                  <strong>{`${name} (${createdAt.slice(0, 10)})`}</strong> and hidden from lists, once the new
                  one is proven. Servers made from it go on working.
                </>
              ) : (
                <>
                  Your project already has an image <strong>{name}</strong> of {createdAt.slice(0, 10)}.
                  Without this, two images bear one name.
                </>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {older !== null && older.length === 0 && checked ? (
        <p className="hint">Your project has no image of this name: nothing will be replaced.</p>
      ) : null}
    </div>
  );
}
