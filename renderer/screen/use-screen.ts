// Keeps one noVNC connection to the screen of a run alive as long as its machine runs.
import RFB from '@novnc/novnc';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { StreamArgs } from '../../shared/contract.ts';
import type { ErrorData } from '../../shared/errors.ts';
import type { Client } from '../client.ts';
import { openScreen } from './channel.ts';

type ScreenState = 'connecting' | 'connected' | 'dropped';

export interface ScreenOptions {
  readonly fit: boolean;
  readonly viewOnly: boolean;
}

export interface Screen {
  readonly state: ScreenState;
  /** Why the line ended last; null when nobody said so. */
  readonly error: ErrorData | null;
  /** Runs `use` with the connected screen; tells whether there was one. */
  readonly withRfb: (use: (rfb: RFB) => void) => boolean;
}

/** Pauses between attempts in milliseconds: the first at once after a short drop, later ones gently. */
const PAUSES = [250, 1000, 2000, 4000];

/** Shows the screen of a run or of a server inside `target` and reconnects by itself after every drop. */
export function useScreen(
  client: Client,
  source: StreamArgs<'screen'> | StreamArgs<'console'>,
  target: RefObject<HTMLDivElement | null>,
  options: ScreenOptions,
): Screen {
  const [state, setState] = useState<ScreenState>('connecting');
  const [error, setError] = useState<ErrorData | null>(null);
  const rfb = useRef<RFB | null>(null);
  const wanted = useRef(options);
  wanted.current = options;

  useEffect(() => {
    const place = target.current;
    if (!place) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let failures = 0;
    let over = false;

    const connect = () => {
      const screen = new RFB(place, openScreen(client, source, setError), { shared: true });
      screen.background = 'transparent';
      screen.focusOnClick = true;
      screen.showDotCursor = true;
      apply(screen, wanted.current);
      screen.addEventListener('connect', () => {
        failures = 0;
        rfb.current = screen;
        setState('connected');
        screen.focus({ preventScroll: true });
      });
      screen.addEventListener('disconnect', () => {
        if (rfb.current === screen) rfb.current = null;
        if (current === screen) current = null;
        if (over) return;
        setState('dropped');
        timer = setTimeout(connect, PAUSES[Math.min(failures, PAUSES.length - 1)]);
        failures += 1;
      });
      current = screen;
    };
    let current: RFB | null = null;
    connect();
    return () => {
      over = true;
      if (timer) clearTimeout(timer);
      rfb.current = null;
      current?.disconnect();
    };
  }, [client, source, target]);

  const { fit, viewOnly } = options;
  useEffect(() => {
    if (rfb.current) apply(rfb.current, { fit, viewOnly });
  }, [fit, viewOnly]);

  const withRfb = useCallback((use: (screen: RFB) => void) => {
    if (rfb.current) use(rfb.current);
    return rfb.current !== null;
  }, []);
  return { state, error, withRfb };
}

function apply(screen: RFB, { fit, viewOnly }: ScreenOptions): void {
  screen.scaleViewport = fit;
  screen.clipViewport = false;
  screen.viewOnly = viewOnly;
}
