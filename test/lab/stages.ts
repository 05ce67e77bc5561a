// Runs stages as soon as what they need is done, side by side.

/** One step of bringing the laboratory up; must be safe to repeat. */
export interface Stage {
  name: string;
  needs: readonly string[];
  /** Does the work; may resolve to a sentence about what it did. */
  run: () => Promise<unknown>;
}

export type StageState = 'started' | 'done' | 'failed';

export type Report = (stage: string, state: StageState, message: string) => void;

/** Runs all stages and resolves to the names of those that failed; a need that is not in the list counts as done. */
export async function runStages(stages: readonly Stage[], report: Report): Promise<string[]> {
  const failed: string[] = [];
  const outcomes = new Map<string, Promise<boolean>>();
  const byName = new Map(stages.map((stage) => [stage.name, stage]));

  const outcomeOf = (stage: Stage): Promise<boolean> => {
    const known = outcomes.get(stage.name);
    if (known !== undefined) return known;
    const outcome = (async () => {
      const needed = stage.needs.map((name) => byName.get(name)).filter((need) => need !== undefined);
      if ((await Promise.all(needed.map(outcomeOf))).includes(false)) return false;
      const began = Date.now();
      report(stage.name, 'started', '');
      try {
        const said = await stage.run();
        report(
          stage.name,
          'done',
          `${typeof said === 'string' ? `${said}, ` : ''}${((Date.now() - began) / 1000).toFixed(1)} s`,
        );
        return true;
      } catch (error) {
        report(stage.name, 'failed', error instanceof Error ? error.message : String(error));
        failed.push(stage.name);
        return false;
      }
    })();
    outcomes.set(stage.name, outcome);
    return outcome;
  };

  await Promise.all(stages.map(outcomeOf));
  return failed;
}
