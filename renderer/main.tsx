// Starts the wizard in this window. The renderer knows the contract of shared/ and nothing of Node or Electron.
import './setup.ts';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/steps.css';
import './styles/screen.css';
import './styles/servers.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Client } from './client.ts';
import { ModelContext } from './state/app.tsx';
import { Model } from './state/model.ts';
import { frontTransport } from './transport.ts';

const place = document.getElementById('root');
if (place) {
  const model = new Model(new Client(frontTransport()));
  model.start();
  window.addEventListener('pagehide', () => model.flush());
  createRoot(place).render(
    <StrictMode>
      <ModelContext value={model}>
        <App />
      </ModelContext>
    </StrictMode>,
  );
}
