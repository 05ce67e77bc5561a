import { Button } from '@fluentui/react-components';
import { BeakerRegular, ServerRegular } from '@fluentui/react-icons';
import { Explained } from '../../parts/term.tsx';
import { useApp, useModel } from '../../state/app.tsx';
import { PracticeProgressView } from './practice-progress.tsx';

/** The first screen of all: a real host, or the laboratory on this computer. */
export function FirstChoice({ onPractise }: { readonly onPractise: () => void }) {
  const model = useModel();
  const info = useApp((state) => state.info);
  const starting = useApp((state) => state.practice !== null);
  const practice = info?.practice;
  return (
    <div className="choices">
      <section className="choice" aria-labelledby="choice-host">
        <ServerRegular className="choice-icon" aria-hidden />
        <h2 id="choice-host">Connect to a KVM host</h2>
        <p>
          A Linux computer that runs virtual machines with <Explained term="kvm">KVM</Explained>. Casement
          reaches it over SSH and puts nothing on it but the build itself.
        </p>
        <Button
          appearance="primary"
          disabledFocusable={starting}
          onClick={() => model.change((draft) => ({ ...draft, hostKind: 'ssh' }))}
        >
          Connect to a KVM host
        </Button>
      </section>
      <section className="choice" aria-labelledby="choice-practice">
        <BeakerRegular className="choice-icon" aria-hidden />
        <h2 id="choice-practice">Practice on this computer</h2>
        <p>
          A small OpenStack cloud and a stand-in for Windows, all on this computer. Walk the whole way once
          without touching anything of yours.
        </p>
        {practice && !practice.available ? (
          <p className="hint">{practice.needs}</p>
        ) : (
          <Button disabledFocusable={starting || !practice} onClick={onPractise}>
            Practice on this computer
          </Button>
        )}
        <PracticeProgressView />
      </section>
    </div>
  );
}
