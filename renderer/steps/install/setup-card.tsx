import { Field, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { BotSparkleRegular } from '@fluentui/react-icons';
import { Card } from '../../parts/card.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { type Draft, withSetup } from '../../state/draft.ts';
import { type Choice, localeChoices, timeZoneChoices } from './locales.ts';
import { SetupMore } from './setup-more.tsx';
import { useWindowsFacts } from './use-windows-facts.ts';

/** How Windows is installed: answered by Casement, or by the admin in the screen. */
export function SetupCard() {
  const model = useModel();
  const { setup } = useDraft();
  return (
    <Card title="How Windows is installed" icon={<BotSparkleRegular />}>
      <RadioGroup
        aria-label="How Windows is installed"
        value={setup.mode}
        onChange={(_, data) =>
          model.change(withSetup({ mode: data.value === 'by-hand' ? 'by-hand' : 'hands-free' }))
        }
      >
        <Radio
          value="hands-free"
          label="Hands-free: Casement answers every question of Setup, and you only watch (recommended)"
        />
        <Radio value="by-hand" label="By hand: you install Windows in the screen, with the steps beside it" />
      </RadioGroup>
      {setup.mode === 'hands-free' ? <Answers /> : null}
    </Card>
  );
}

function Answers() {
  const model = useModel();
  const { setup } = useDraft();
  const facts = useWindowsFacts();
  const edit = (change: Partial<Draft['setup']>) => model.change(withSetup(change));
  return (
    <>
      <div className="grid two">
        <Field
          label="Edition"
          hint={
            facts
              ? facts.evaluation
                ? 'An evaluation: it runs without a product key for a limited time.'
                : 'A server without “Desktop Experience” has no desktop, only a command line.'
              : 'Casement reads the editions from the Windows ISO.'
          }
        >
          <Select
            value={String(setup.edition ?? '')}
            onChange={(_, data) => edit({ edition: data.value === '' ? null : Number(data.value) })}
          >
            <option value="">Standard or Pro, with a desktop</option>
            {facts?.images.map(({ index, displayName }) => (
              <option key={index} value={String(index)}>
                {displayName}
              </option>
            ))}
          </Select>
        </Field>
        <Choices
          label="Keyboard"
          value={setup.keyboard}
          choices={localeChoices(setup.keyboard)}
          onChange={(keyboard) => edit({ keyboard })}
        />
        <Choices
          label="Formats of dates and numbers"
          value={setup.userLocale}
          choices={localeChoices(setup.userLocale)}
          // Programs without Unicode are a matter of the same country; a plan file can tell them apart.
          onChange={(userLocale) => edit({ userLocale, systemLocale: userLocale })}
        />
        <Choices
          label="Time zone"
          value={setup.timeZone}
          choices={timeZoneChoices(setup.timeZone)}
          onChange={(timeZone) => edit({ timeZone })}
        />
      </div>
      <SetupMore />
    </>
  );
}

function Choices({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      <Select value={value} onChange={(_, data) => onChange(data.value)}>
        {choices.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </Select>
    </Field>
  );
}
