// The passport as properties of the image, short enough for Glance and for a person. Pure.
import type { passport } from './passport.ts';

/** Longest value, in characters: clouds that keep properties in a database column of 255 refuse longer ones. */
const LONGEST = 255;

/** The parts of a passport that stand on the image. */
type Told = Pick<
  ReturnType<typeof passport>,
  'build' | 'builtAt' | 'windows' | 'media' | 'setup' | 'inspection' | 'acceptedBecause'
>;

/** `casement_*` properties of a passport; what is not known is left out. */
export function passportProperties(made: Told): Record<string, string> {
  const { media, inspection } = made;
  const passed = inspection?.checks.filter(({ status }) => status === 'passed').length;
  const all: Record<string, string | null | undefined> = {
    casement_build: made.build,
    casement_built_at: made.builtAt,
    casement_windows: made.windows.title,
    casement_windows_build: inspection?.build?.toString(),
    casement_edition: made.setup?.edition?.name,
    casement_windows_sha256: media.windows?.sha256,
    casement_virtio_sha256: media.virtio?.sha256,
    casement_virtio_version: media.virtio?.version,
    casement_cloudbase_init_sha256: media.cloudbaseInit?.sha256,
    casement_cloudbase_init_version: media.cloudbaseInit?.version,
    casement_verdict: inspection?.verdict,
    casement_checks: inspection ? `${passed} of ${inspection.checks.length} passed` : null,
    casement_accepted_because: inspection?.verdict === 'bad' ? made.acceptedBecause : null,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value ? [[name, [...value].slice(0, LONGEST).join('')]] : [],
    ),
  );
}
