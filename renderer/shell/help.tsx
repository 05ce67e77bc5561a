import { Button } from '@fluentui/react-components';
import { GLOSSARY } from '../parts/glossary.ts';
import { PageDialog } from '../parts/page-dialog.tsx';
import { useApp } from '../state/app.tsx';
import { STEP_INFO, STEPS } from '../state/steps.ts';

const WORDS: readonly (readonly [string, keyof typeof GLOSSARY])[] = [
  ['KVM', 'kvm'],
  ['QEMU', 'qemu'],
  ['VirtIO', 'virtio'],
  ['Sysprep', 'sysprep'],
  ['Cloudbase-Init', 'cloudbaseInit'],
  ['Glance', 'glance'],
  ['Image', 'image'],
  ['Nova', 'nova'],
  ['Server', 'server'],
  ['Flavor', 'flavor'],
  ['Project', 'project'],
  ['Key pair', 'keypair'],
];

/** The way in eight lines, and every foreign word. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const version = useApp(({ info }) => info?.version ?? '');
  return (
    <PageDialog
      title="How Casement works"
      className="wide-dialog"
      content="stack help"
      scrolls
      onClose={onClose}
      actions={
        <Button appearance="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>
        From a Windows ISO to an open desktop on OpenStack, step by step. What runs long, runs on the host:
        you may close Casement and continue later.
      </p>
      <h3>The steps</h3>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>
            <b>{STEP_INFO[step].title}.</b> {STEP_INFO[step].lead}
          </li>
        ))}
      </ol>
      <h3>The words</h3>
      <dl className="words">
        {WORDS.map(([word, term]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{GLOSSARY[term]}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">Casement {version}</p>
    </PageDialog>
  );
}
