import {
  Field,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Select,
  Spinner,
} from '@fluentui/react-components';
import { ResizeRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { FlavorView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { Ellipsis } from '../../parts/ellipsis.tsx';
import { formatMemory } from '../../parts/format.ts';
import { Explained } from '../../parts/term.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import type { Loaded } from './use-cloud.ts';

/** The sizes of server on offer; those that cannot carry the image say why. */
export function FlavorCard({
  flavors,
  volumes,
}: {
  readonly flavors: Loaded<FlavorView[]>;
  /** Whether servers can boot from a volume. */
  readonly volumes: boolean;
}) {
  const model = useModel();
  const { server } = useDraft();
  const [sort, setSort] = useState<keyof typeof SORTS>('fit');
  const list = [...(flavors.value ?? [])].sort(SORTS[sort].compare);
  const selected = list.find(({ id, name }) => id === server.flavor || name === server.flavor);
  return (
    <Card
      title="Flavor"
      icon={<ResizeRegular />}
      hint={
        <>
          A <Explained term="flavor">flavor</Explained> is the size of the server.
        </>
      }
    >
      <Field label="Sort by" orientation="horizontal">
        <Select size="small" value={sort} onChange={(_, { value }) => setSort(value as keyof typeof SORTS)}>
          {Object.entries(SORTS).map(([id, { title }]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
      </Field>
      {flavors.busy && list.length === 0 ? <Spinner size="small" label="Asking the cloud" /> : null}
      {flavors.value && list.length === 0 ? (
        <p className="hint">This project is offered no flavors. Ask the cloud’s operator.</p>
      ) : null}
      {list.length > 0 && list.every(({ unfit }) => unfit !== null) ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            None of these can carry this Windows.{' '}
            {volumes && server.volumeGB === 0
              ? 'Where only the disk is too small, boot from a volume (More settings for the servers); else ask the cloud’s operator for a larger flavor.'
              : 'Ask the cloud’s operator for a larger flavor.'}
          </MessageBarBody>
        </MessageBar>
      ) : null}
      <RadioGroup
        aria-label="Flavor"
        className="flavors"
        value={selected?.id ?? ''}
        onChange={(_, data) =>
          model.change((draft) => ({ ...draft, server: { ...draft.server, flavor: data.value } }))
        }
      >
        {list.map((flavor) => (
          <div key={flavor.id} className={flavor.unfit ? 'flavor unfit' : 'flavor'}>
            <Radio
              value={flavor.id}
              disabled={flavor.unfit !== null}
              label={<Ellipsis text={flavor.name} />}
            />
            <span className="flavor-figures">{figures(flavor)}</span>
            {flavor.unfit ? <span className="hint">{flavor.unfit}</span> : null}
          </div>
        ))}
      </RadioGroup>
    </Card>
  );
}

/** As the cloud layer gives them (fitting ones first), or by one figure. */
const SORTS = {
  fit: { title: 'What fits best', compare: () => 0 },
  name: { title: 'Name', compare: (a: FlavorView, b: FlavorView) => a.name.localeCompare(b.name) },
  cores: { title: 'Cores', compare: (a: FlavorView, b: FlavorView) => a.vcpus - b.vcpus },
  memory: { title: 'Memory', compare: (a: FlavorView, b: FlavorView) => a.memoryMB - b.memoryMB },
  disk: { title: 'Disk', compare: (a: FlavorView, b: FlavorView) => a.diskGB - b.diskGB },
} as const;

function figures({ vcpus, memoryMB, diskGB }: FlavorView): string {
  const disk = diskGB === 0 ? 'no disk of its own' : `${diskGB} GB disk`;
  return `${vcpus} ${vcpus === 1 ? 'core' : 'cores'} · ${formatMemory(memoryMB)} memory · ${disk}`;
}
