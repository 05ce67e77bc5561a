// From an address and a password to an open desktop. Types only. May touch: host (tunnels), shared.

import type { ErrorData } from '../../shared/errors.ts';
import type { DesktopOptions } from '../../shared/plan-connect.ts';
import type { RdpClientView } from '../../shared/views.ts';

/** Where an RDP client of this computer connects to. */
export interface RdpPlace {
  readonly address: string;
  readonly port: number;
  /** The server's own address, where `address` is this end of a tunnel to it: what a person is told. */
  readonly tunnelTo?: string | undefined;
}

export interface DesktopRequest extends RdpPlace {
  readonly client: RdpClientView;
  readonly user: string;
  /** Reaches the client over standard input or the desktop's vault, never over its argument list. */
  readonly password: string;
  readonly title: string;
  /** X display to open it on, such as `:7`; the session's own where it is missing. */
  readonly display?: string;
  /** Nova's id of the server: what is trusted of it is kept under this name, not under a recycled address. */
  readonly server: string;
  /**
   * SHA-256 of the certificate that was checked for this server; FreeRDP takes no other. null behind a gateway, where
   * only FreeRDP sees it: it trusts the first one, and keeps it for this server.
   */
  readonly certificate: string | null;
  readonly options?: DesktopOptions;
  /** For the account of the gateway in `options`; that of the server where it is missing. */
  readonly gatewayPassword?: string;
}

export interface DesktopSession {
  readonly pid: number;
  /** Resolves once the desktop is up (the client holds a session). Rejects with the sentence of its exit code. */
  readonly opened: Promise<void>;
  /** Resolves when the client has ended; null for a normal end. */
  readonly closed: Promise<ErrorData | null>;
  close(): void;
}

/** What answers at an RDP port; `silent` where connections are taken and nothing speaks RDP. */
export type Reachability = 'answers' | 'silent' | 'refused' | 'unreachable';
