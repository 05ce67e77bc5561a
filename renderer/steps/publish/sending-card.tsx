import { Field, Input, Select } from '@fluentui/react-components';
import { ArrowUploadRegular } from '@fluentui/react-icons';
import type { GlanceView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';

type Image = Draft['image'];

const UPLOAD: Readonly<Record<Image['upload'], string>> = {
  auto: 'Automatic: from the host where it reaches the cloud, else through this workstation',
  host: 'From the host',
  workstation: 'Through this workstation',
};

const METHOD: Readonly<Record<Image['method'], string>> = {
  direct: 'Direct: in one go, as every cloud takes it',
  'glance-direct': 'Import: Glance takes it aside first, then makes the image of it',
  'web-download': 'Fetch: Glance downloads the finished image file from a web address',
};

/** How the image gets into Glance. Ways that this cloud does not offer cannot be chosen. */
export function SendingCard({ glance }: { readonly glance: GlanceView | null }) {
  const model = useModel();
  const { image } = useDraft();
  const edit = (change: Partial<Image>) =>
    model.change((now) => ({ ...now, image: { ...now.image, ...change } }));
  const offered = (method: Image['method']) =>
    method === 'direct' || glance === null || glance.importMethods.includes(method);
  const fetched = image.method === 'web-download';
  return (
    <Card
      title="Way of sending"
      icon={<ArrowUploadRegular />}
      hint="The proposed way is right for nearly every cloud. Whatever the way, the checksum is compared at the end."
    >
      <div className="stack">
        <Field
          label="How Glance takes it"
          {...(offered(image.method)
            ? {}
            : { validationMessage: 'This cloud does not offer that. Choose another.' })}
        >
          <Select
            value={image.method}
            onChange={(_, data) => edit({ method: data.value as Image['method'] })}
          >
            {(Object.keys(METHOD) as Image['method'][]).map((method) => (
              <option key={method} value={method} disabled={!offered(method)}>
                {METHOD[method]}
                {offered(method) ? '' : ' (not offered here)'}
              </option>
            ))}
          </Select>
        </Field>
        {fetched ? (
          <Field
            label="Web address of the image file"
            hint="Glance itself must reach it, not only you. Put the finished file of the host there first; any other file is refused by its checksum."
          >
            <Input
              value={image.url}
              spellCheck={false}
              placeholder="https://files.example.com/windows.qcow2"
              onChange={(_, data) => edit({ url: data.value })}
            />
          </Field>
        ) : (
          <Field label="Who sends it">
            <Select
              value={image.upload}
              onChange={(_, data) => edit({ upload: data.value as Image['upload'] })}
            >
              {(Object.keys(UPLOAD) as Image['upload'][]).map((upload) => (
                <option key={upload} value={upload}>
                  {UPLOAD[upload]}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
    </Card>
  );
}
