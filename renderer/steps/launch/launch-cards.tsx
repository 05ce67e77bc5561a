import { Button } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons';
import type { ErrorData } from '../../../shared/errors.ts';
import type { CloudSource } from '../../../shared/plan.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { AdvancedCard } from './advanced-card.tsx';
import { CheckCard } from './check-card.tsx';
import { FlavorCard } from './flavor-card.tsx';
import { KeypairCard } from './keypair-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { ReachCard } from './reach-card.tsx';
import { ServerNameCard } from './server-name-card.tsx';
import type { useLaunchCheck } from './use-check.ts';
import { useLoaded } from './use-cloud.ts';

/** Everything to choose before a launch. The cloud is asked once for all cards, and its trouble is told once. */
export function LaunchCards({
  cloud,
  locked,
  check,
  password,
  setPassword,
  passphrase,
  setPassphrase,
}: {
  readonly cloud: CloudSource;
  readonly locked: boolean;
  readonly check: ReturnType<typeof useLaunchCheck>;
  readonly password: string;
  readonly setPassword: (value: string) => void;
  readonly passphrase: string;
  readonly setPassphrase: (value: string) => void;
}) {
  const { networks, flavors, pairs, options } = useOffers(cloud);
  const all = [networks, flavors, pairs, options];
  const errors = different(all.map(({ error }) => error));
  const told = check.error !== null && different([...errors, check.error]).length === errors.length;
  const again = () => {
    for (const { reload } of all) reload();
    check.check();
  };
  return (
    <>
      {errors.map((error) => (
        <ErrorCard key={textOf(error)} error={error}>
          <Button
            size="small"
            icon={<ArrowClockwiseRegular />}
            disabledFocusable={all.some(({ busy }) => busy)}
            onClick={again}
          >
            Try again
          </Button>
        </ErrorCard>
      ))}
      <fieldset className="plain" disabled={locked} aria-label="Server">
        <ServerNameCard networks={networks.value} />
        <FlavorCard flavors={flavors} volumes={options.value?.limits.volumesOffered ?? false} />
        <KeypairCard {...{ cloud, pairs, passphrase, setPassphrase }} />
        <PasswordCard password={password} setPassword={setPassword} />
        <ReachCard options={options.value} networks={networks.value ?? []} />
        <AdvancedCard options={options.value} />
      </fieldset>
      {check.asking && !told ? <CheckCard {...check} findings={check.findings ?? []} /> : null}
    </>
  );
}

/** What the cloud has to choose from. */
function useOffers(cloud: CloudSource) {
  const { client } = useModel();
  const { server, sizeGB, windows } = useDraft();
  // A volume takes the place of the flavor's disk.
  const minDiskGB = server.volumeGB > 0 ? 0 : sizeGB;
  const { minRamMB } = windowsProduct(windows);
  return {
    networks: useLoaded(() => client.call('cloud.networks', { cloud })),
    flavors: useLoaded(() => client.call('cloud.flavors', { cloud, minDiskGB, minRamMB }), `${minDiskGB}`),
    pairs: useLoaded(() => client.call('cloud.keypairs', { cloud })),
    options: useLoaded(() => client.call('launch.options', { cloud })),
  };
}

const textOf = ({ code, whatHappened }: ErrorData): string => `${code} ${whatHappened}`;

/** Each error once. */
function different(errors: readonly (ErrorData | null)[]): ErrorData[] {
  const found = errors.filter((error) => error !== null);
  return found.filter((error, at) => found.findIndex((one) => textOf(one) === textOf(error)) === at);
}
