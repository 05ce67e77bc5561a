// The embedded screen of the build VM. This folder shows it, sends keys and texts to it and offers its machine's
// switches; it reaches the host only through the contract's byte stream and machine.* calls.
import { MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components';
import {
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { RunView } from '../../shared/views.ts';
import { download } from '../parts/download.ts';
import { ErrorCard } from '../parts/error-card.tsx';
import { useAction, useDraft, useModel } from '../state/app.tsx';
import { pressTogether, typeText } from './keys.ts';
import { MachineMenu } from './machine-menu.tsx';
import { ScreenToolbar } from './toolbar.tsx';
import { TypeTextDialog } from './type-text.tsx';
import { useScreen } from './use-screen.ts';

/** What others may do with the screen. */
export interface ScreenHandle {
  type(text: string): void;
}

export function MachineScreen({
  run,
  handle,
  typing,
  onTyping,
  children,
}: {
  readonly run: RunView;
  readonly handle: Ref<ScreenHandle>;
  /** Whether a text is being typed now; the owner keeps it, since others offer texts too. */
  readonly typing: boolean;
  readonly onTyping: (typing: boolean) => void;
  /** Stands at the end of the toolbar. */
  readonly children?: ReactNode;
}) {
  const model = useModel();
  const { layout } = useDraft();
  const place = useRef<HTMLDivElement>(null);
  const [fit, setFit] = useState(true);
  const [viewOnly, setViewOnly] = useState(false);
  const full = useFullScreen();
  const [asking, setAsking] = useState(false);
  const source = useMemo(() => ({ run: run.id }), [run.id]);
  const screen = useScreen(model.client, source, place, { fit, viewOnly });
  const action = useAction((work: () => Promise<unknown>) => work());

  const press = async (text: string) => {
    const strokes: Promise<void>[] = [];
    screen.withRfb((rfb) => {
      rfb.viewOnly = false;
      setViewOnly(false);
      rfb.focus({ preventScroll: true });
      strokes.push(typeText(rfb, text, layout, new AbortController().signal));
    });
    await Promise.all(strokes);
    // Without a picture the keys still arrive, through QEMU's own console.
    if (strokes.length === 0) await model.client.call('machine.type', { run: run.id, text, layout });
  };
  const type = (text: string) =>
    void action.run(async () => {
      onTyping(true);
      try {
        await press(text);
      } finally {
        onTyping(false);
      }
    });
  useImperativeHandle(handle, () => ({ type }));

  const screenshot = () =>
    screen.withRfb((rfb) =>
      rfb.toBlob((blob) => {
        if (blob)
          download(
            blob,
            `${run.plan.name} ${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.png`,
          );
      }, 'image/png'),
    );

  return (
    <section
      className={full ? 'screen full' : 'screen'}
      aria-label="Screen of the build machine"
      aria-busy={action.busy}
    >
      <ScreenToolbar
        fit={fit}
        viewOnly={viewOnly}
        typing={typing}
        end={children}
        actions={{
          press: ({ keys }) =>
            void screen.withRfb((rfb) => {
              pressTogether(rfb, keys);
              rfb.focus({ preventScroll: true });
            }),
          typeText: () => setAsking(true),
          screenshot,
          fullScreen: () => void toggleFullScreen(),
          setFit,
          setViewOnly,
        }}
      >
        <MachineMenu run={run} act={(work) => void action.run(work)} />
      </ScreenToolbar>
      {action.error ? <ErrorCard error={action.error} /> : null}
      <div className={fit ? 'screen-frame' : 'screen-frame scroll'}>
        <div ref={place} className="screen-place" data-testid="vnc" />
        <div className="screen-status" role="status">
          {typing ? <span>Typing…</span> : null}
        </div>
        {screen.state === 'connected' ? null : (
          <div className="screen-veil" role="status">
            {screen.state === 'connecting' ? (
              <Spinner label="Opening the screen" />
            ) : (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  The line to the screen dropped. The machine goes on; reconnecting…
                </MessageBarBody>
              </MessageBar>
            )}
          </div>
        )}
      </div>
      {asking ? <TypeTextDialog onType={type} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

// The whole page goes full screen and the screen covers it: menus and dialogs live outside the screen's own element.
async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}

function useFullScreen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener('fullscreenchange', listener);
      return () => document.removeEventListener('fullscreenchange', listener);
    },
    () => document.fullscreenElement !== null,
  );
}
