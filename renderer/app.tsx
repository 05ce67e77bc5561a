// The window: theme, title bar, side list, the current step, and what lies over all of it.
import { FluentProvider, Spinner, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import type { ComponentType } from 'react';
import { Questions } from './parts/questions.tsx';
import { ServersPage } from './servers/servers-page.tsx';
import { Banner } from './shell/banner.tsx';
import { OfferToContinue } from './shell/offer.tsx';
import { Sidebar } from './shell/sidebar.tsx';
import { TitleBar } from './shell/title-bar.tsx';
import { useDarkMode } from './shell/use-dark-mode.ts';
import { useApp, useDraft } from './state/app.tsx';
import type { StepId } from './state/steps.ts';
import { CloudbaseInitStep } from './steps/cloudbase-init/cloudbase-init-step.tsx';
import { ConnectStep } from './steps/connect/connect-step.tsx';
import { HostStep } from './steps/host/host-step.tsx';
import { InstallStep } from './steps/install/install-step.tsx';
import { LaunchStep } from './steps/launch/launch-step.tsx';
import { MachineStep } from './steps/machine/machine-step.tsx';
import { MediaStep } from './steps/media/media-step.tsx';
import { PublishStep } from './steps/publish/publish-step.tsx';

const PAGES: Readonly<Record<StepId, ComponentType>> = {
  host: HostStep,
  media: MediaStep,
  machine: MachineStep,
  install: InstallStep,
  'cloudbase-init': CloudbaseInitStep,
  publish: PublishStep,
  launch: LaunchStep,
  connect: ConnectStep,
};

/** Windows' own typeface where it exists; nothing is ever loaded from outside. */
const FONT =
  "'Segoe UI Variable Text', 'Segoe UI', 'Inter', 'Noto Sans', 'Cantarell', 'DejaVu Sans', system-ui, sans-serif";
const LIGHT = { ...webLightTheme, fontFamilyBase: FONT };
const DARK = { ...webDarkTheme, fontFamilyBase: FONT };

export function App() {
  const { theme, step } = useDraft();
  const loaded = useApp((state) => state.loaded);
  const dark = useDarkMode(theme);
  const servers = useApp((state) => state.page === 'servers');
  const Page = servers ? ServersPage : PAGES[step];
  return (
    <FluentProvider theme={dark ? DARK : LIGHT}>
      {/* Menus and dialogs copy the provider's class, so the window's own layout stands on an element inside. */}
      <div className={dark ? 'window dark' : 'window light'}>
        <TitleBar />
        <Banner />
        {loaded ? (
          <div className="body">
            <Sidebar />
            <div className="stage-area">
              <OfferToContinue />
              <Page key={servers ? 'servers' : step} />
            </div>
          </div>
        ) : (
          <main className="starting" aria-label="Casement is starting">
            <Spinner label="Starting" />
          </main>
        )}
        <Questions />
      </div>
    </FluentProvider>
  );
}
