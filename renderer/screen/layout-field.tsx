import { Field, Select } from '@fluentui/react-components';
import { layouts } from '../../shared/keyboard.ts';
import { useDraft, useModel } from '../state/app.tsx';

/** Which keyboard Windows inside the machine believes to have; the typed texts follow it. */
export function LayoutField() {
  const model = useModel();
  const { layout } = useDraft();
  return (
    <Field label="Keyboard layout of the guest">
      <Select
        value={layout}
        onChange={(_, data) => model.change((draft) => ({ ...draft, layout: data.value }))}
      >
        {layouts.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </Select>
    </Field>
  );
}
