import { Button, Spinner } from '@fluentui/react-components';
import { BeakerRegular, ServerRegular } from '@fluentui/react-icons';
import { ErrorCard } from '../../parts/error-card.tsx';
import { Explained } from '../../parts/term.tsx';
import { useAction, useApp, useModel } from '../../state/app.tsx';

/** The first screen of all: a real host, or the laboratory on this computer. */
export function FirstChoice() {
  const model = useModel();
  const info = useApp((state) => state.info);
  const progress = useApp((state) => state.practice);
  const practise = useAction(() => model.practise());
  const practice = info?.practice;
  return (
    <>
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
            disabledFocusable={practise.busy}
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
            <Button disabledFocusable={practise.busy || !practice} onClick={() => void practise.run()}>
              Practice on this computer
            </Button>
          )}
          {practise.busy ? (
            <div role="status">
              <Spinner size="tiny" label={progress ?? 'Connecting'} />
            </div>
          ) : null}
        </section>
      </div>
      {practise.error ? <ErrorCard error={practise.error} /> : null}
    </>
  );
}
