import { Radio, RadioGroup, Spinner } from '@fluentui/react-components';
import { ResizeRegular } from '@fluentui/react-icons';
import type { CloudSource } from '../../../shared/plan.ts';
import type { FlavorView } from '../../../shared/views.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { Card } from '../../parts/card.tsx';
import { Ellipsis } from '../../parts/ellipsis.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { formatMemory } from '../../parts/format.ts';
import { Explained } from '../../parts/term.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { useLoaded } from './use-cloud.ts';

/** The sizes of server on offer; those that cannot carry the image say why. */
export function FlavorCard({ cloud }: { readonly cloud: CloudSource }) {
  const model = useModel();
  const { server, sizeGB, windows } = useDraft();
  const flavors = useLoaded(() =>
    model.client.call('cloud.flavors', {
      cloud,
      minDiskGB: sizeGB,
      minRamMB: windowsProduct(windows).minRamMB,
    }),
  );
  const list = flavors.value ?? [];
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
      {flavors.error ? <ErrorCard error={flavors.error} /> : null}
      {flavors.busy && list.length === 0 ? <Spinner size="small" label="Asking the cloud" /> : null}
      {flavors.value && list.length === 0 ? (
        <p className="hint">This project is offered no flavors. Ask the cloud’s operator.</p>
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

function figures({ vcpus, memoryMB, diskGB }: FlavorView): string {
  const disk = diskGB === 0 ? 'disk as the image' : `${diskGB} GB disk`;
  return `${vcpus} ${vcpus === 1 ? 'core' : 'cores'} · ${formatMemory(memoryMB)} memory · ${disk}`;
}
