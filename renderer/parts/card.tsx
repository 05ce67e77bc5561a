import { type ReactNode, useId } from 'react';

/** A titled group of settings, the way Windows 11 groups them. */
export function Card({
  title,
  hint,
  icon,
  action,
  children,
}: {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        {icon ? (
          <span className="card-icon" aria-hidden>
            {icon}
          </span>
        ) : null}
        <div className="card-titles">
          <h2 id={id}>{title}</h2>
          {hint ? <p className="hint">{hint}</p> : null}
        </div>
        {action ? <div className="card-action">{action}</div> : null}
      </div>
      {children ? <div className="card-body">{children}</div> : null}
    </section>
  );
}
