// The images of the project that bear the name of the new one. Pure.
import type { GlanceView, ImageView } from '../../../shared/views.ts';

/** Finished images of the own project called `name`, newest first. */
export function namesakes({ images, project }: GlanceView, name: string): ImageView[] {
  const wanted = name.trim();
  return images.filter(
    (image) => image.name === wanted && image.owner === project && image.status === 'active',
  );
}
