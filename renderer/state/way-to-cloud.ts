// Which way the image will go, as the host check found out. Pure.
import type { CloudView, Finding, ProbeReport } from '../../shared/views.ts';

/** Name under which the host check reports whether the host reaches the cloud. */
const CLOUD_FINDING = 'cloud';

/** The finding about the cloud signed in to; null before the host was asked about this very cloud. */
export function wayToCloud(known: {
  readonly cloud: CloudView | null;
  readonly probe: ProbeReport | null;
  readonly probedCloud: string | null;
}): Finding | null {
  if (!known.cloud || known.probedCloud !== known.cloud.authUrl) return null;
  return known.probe?.findings.find(({ id }) => id === CLOUD_FINDING) ?? null;
}
