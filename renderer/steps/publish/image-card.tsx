import { Field, Input, Select } from '@fluentui/react-components';
import { ImageRegular } from '@fluentui/react-icons';
import { Card } from '../../parts/card.tsx';
import { Explained, explainedLabel } from '../../parts/term.tsx';
import { useApp, useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { buildName } from '../../state/draft-plan.ts';
import { visibilityAdvice } from './visibility.ts';

const VISIBILITY = {
  private: 'Private: only your project',
  shared: 'Shared: projects you invite',
  community: 'Community: everybody who knows its ID',
  public: 'Public: everybody',
} as const;

const UPLOAD = {
  auto: 'Automatic: from the host where it reaches the cloud, else through this workstation',
  host: 'From the host',
  workstation: 'Through this workstation',
} as const;

const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];

export function ImageCard() {
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
          {...(hint ? { hint } : {})}
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
        <Field label="Way of the upload" className="span">
          <Select
            value={image.upload}
            onChange={(_, data) => edit({ upload: data.value as Draft['image']['upload'] })}
          >
            {keysOf(UPLOAD).map((upload) => (
              <option key={upload} value={upload}>
                {UPLOAD[upload]}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </Card>
  );
}
