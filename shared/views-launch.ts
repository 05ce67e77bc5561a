// What launching and looking at servers shows to a front: plain data, the results of the contract.

/** The ways in which Nova shows a server's own screen or serial port. */
export const CONSOLE_KINDS = ['novnc', 'spice', 'serial'] as const;
export type ConsoleKind = (typeof CONSOLE_KINDS)[number];

/** Where a console is shown; the address holds a token, so it is a secret for as long as the token lives. */
export interface ConsoleView {
  readonly kind: ConsoleKind;
  readonly url: string;
}
