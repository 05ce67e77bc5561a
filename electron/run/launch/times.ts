// How long each part of a launch may take, in ms, and why.

export interface LaunchTimes {
  /** Between two looks at all servers. */
  readonly pollMs: number;
  /** From the order to ACTIVE: a large image is copied to a compute node that never had it. */
  readonly activeMs: number;
  /** From ACTIVE to the password: a sysprepped Windows takes 3 to 20 minutes to its first start, slow disks double it. */
  readonly passwordMs: number;
  /** From the password (or ACTIVE, for a chosen one) to the desktop; with a chosen one the first start lies in it. */
  readonly desktopMs: number;
}

export const LAUNCH_TIMES: LaunchTimes = {
  pollMs: 2000,
  activeMs: 60 * 60_000,
  passwordMs: 45 * 60_000,
  desktopMs: 45 * 60_000,
};
