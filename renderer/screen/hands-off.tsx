import { useEffect, useState } from 'react';
import { SETUP_SCREENS } from '../../shared/setup-screens.ts';
import { STAGE_TITLES } from '../../shared/stages.ts';
import type { Picture, RunView } from '../../shared/views.ts';
import { formatTime } from '../parts/format.ts';
import { ProgressView } from '../parts/progress.tsx';
import { SCROLL_REGION } from '../parts/scroll-region.ts';
import { StateIcon } from '../parts/state-icon.tsx';
import { useModel } from '../state/app.tsx';

/** How often new pictures are asked for, in ms; the host takes one in 30 s. */
const EVERY_MS = 10_000;
/** Pictures shown: the newest. */
const SHOWN = 12;

/** Beside the screen of a build that nobody touches: what it has done so far, and the film strip. */
export function HandsOff({ run }: { readonly run: RunView }) {
  const working = run.active;
  const now = run.stages.find(({ state, progress }) => state === 'started' && progress !== null);
  return (
    <section className="coach" aria-label="What the build is doing">
      <div className="coach-head">
        <h2>Nothing for you to do</h2>
      </div>
      <section className="coach-steps" {...SCROLL_REGION} aria-label="Steps of the build">
        <p className="hint hands-off-hint">
          Windows answers itself from a CD that Casement made. You may type in the screen if you want to; the
          build then goes on from what you did.
        </p>
        {working && now?.progress ? (
          <div className="hands-off-now">
            <ProgressView progress={now.progress} title={STAGE_TITLES[now.id]} />
          </div>
        ) : null}
        <ol className="told">
          {run.told.map((text, index) => {
            const last = index === run.told.length - 1;
            return (
              <li key={`${index.toString()} ${text}`}>
                <StateIcon mark={last && working ? 'running' : 'done'} /> {text}
              </li>
            );
          })}
        </ol>
        <FilmStrip run={run.id} />
        <Questions />
      </section>
    </section>
  );
}

/** Setup should ask nothing; what it means when it does. */
function Questions() {
  return (
    <details className="questions">
      <summary>Does the screen ask something, or stand still?</summary>
      <dl>
        {SETUP_SCREENS.map(({ id, shows, means, todo }) => (
          <div key={id}>
            <dt>{shows}</dt>
            <dd>
              {means} {todo}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface Frame extends Picture {
  readonly png: string;
}

function FilmStrip({ run }: { readonly run: string }) {
  const { client } = useModel();
  const [frames, setFrames] = useState<readonly Frame[]>([]);
  useEffect(() => {
    let current = true;
    const known = new Map<string, Frame>();
    const look = async () => {
      const pictures = (await client.call('machine.film', { run })).slice(-SHOWN);
      for (const picture of pictures)
        if (!known.has(picture.name))
          known.set(picture.name, {
            ...picture,
            png: (await client.call('machine.picture', { run, name: picture.name })).png,
          });
      if (current) setFrames(pictures.flatMap(({ name }) => known.get(name) ?? []));
    };
    // A strip that cannot be read now is asked for again; the screen above says when the host is gone.
    const ask = () => void look().catch(() => {});
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [client, run]);
  if (frames.length === 0) return null;
  return (
    <figure className="film">
      <figcaption className="hint">The screen so far, newest last</figcaption>
      {frames.map(({ name, at, png }) => (
        <img
          key={name}
          src={`data:image/png;base64,${png}`}
          alt={`The screen at ${formatTime(at)}`}
          title={formatTime(at)}
        />
      ))}
    </figure>
  );
}
