import { Badge, Button, Checkbox, Field } from '@fluentui/react-components';
import type { NetworkView } from '../../../shared/views.ts';
import { Ellipsis } from '../../parts/ellipsis.tsx';
import { visibleName } from '../../parts/format.ts';
import { explainedLabel } from '../../parts/term.tsx';
import { networkRows } from './network-rows.ts';

/** Most networks of one server, as a plan takes them. */
const MOST = 8;

/** The networks of the servers: all on offer, the chosen ones ticked, the first of them marked as the main one. */
export function NetworksField({
  offered,
  chosen,
  onChange,
}: {
  /** null until the cloud has told them. */
  readonly offered: readonly NetworkView[] | null;
  /** Names or ids, the main one first. */
  readonly chosen: readonly string[];
  readonly onChange: (networks: string[]) => void;
}) {
  const rows = networkRows(offered, chosen);
  return (
    <Field
      label={explainedLabel('Networks', 'network')}
      hint={
        chosen.length === 0
          ? 'None ticked: the only one there is.'
          : 'The main network gives the address at which the desktop is reached.'
      }
    >
      {rows.length === 0 ? (
        <p className="hint">The project sees no network.</p>
      ) : (
        <ul className="networks plain-list" aria-label="Networks">
          {rows.map(({ key, title, facts, at }) => (
            <li key={key} data-main={at === 0}>
              <Checkbox
                label={<Ellipsis text={title} />}
                checked={at >= 0}
                disabled={at < 0 && chosen.length >= MOST}
                onChange={(_, { checked }) =>
                  onChange(checked === true ? [...chosen, key] : chosen.filter((_one, i) => i !== at))
                }
              />
              <span className="hint">{facts}</span>
              {at === 0 ? <Badge appearance="tint">Main</Badge> : null}
              {at > 0 ? (
                <Button
                  size="small"
                  appearance="subtle"
                  aria-label={`Make ${visibleName(title)} the main network`}
                  onClick={() => onChange([key, ...chosen.filter((_one, i) => i !== at)])}
                >
                  Make main
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Field>
  );
}
