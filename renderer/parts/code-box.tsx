import { CopyButton } from './copy-button.tsx';
import { SCROLL_REGION } from './scroll-region.ts';

/** A command or an output, to be read and copied exactly. `label` names it for screen readers. */
export function CodeBox({
  text,
  label,
  tall,
}: {
  readonly text: string;
  readonly label: string;
  readonly tall?: boolean;
}) {
  return (
    <div className="code-box">
      <section aria-label={label} className={tall ? 'code-text tall' : 'code-text'} {...SCROLL_REGION}>
        <pre>{text}</pre>
      </section>
      <CopyButton text={text} size="small" appearance="subtle" />
    </div>
  );
}
