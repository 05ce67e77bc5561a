import { Tooltip } from '@fluentui/react-components';
import { visibleName } from './format.ts';

/** A foreign name on one line: cut where it is too long, whole in the tooltip, odd characters made visible. */
export function Ellipsis({ text }: { readonly text: string }) {
  const shown = visibleName(text);
  return (
    <Tooltip content={shown} relationship="description" withArrow showDelay={600}>
      <bdi className="ellipsis">{shown}</bdi>
    </Tooltip>
  );
}
