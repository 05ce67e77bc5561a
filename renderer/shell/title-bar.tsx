import {
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components';
import {
  DarkThemeRegular,
  DesktopRegular,
  HistoryRegular,
  QuestionCircleRegular,
  TaskListLtrRegular,
  WeatherMoonRegular,
  WeatherSunnyRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { Ellipsis } from '../parts/ellipsis.tsx';
import { useApp, useDraft, useModel, useRun } from '../state/app.tsx';
import type { Draft } from '../state/draft.ts';
import { buildName } from '../state/draft-plan.ts';
import { BuildDetails } from './build-details.tsx';
import { Builds } from './builds.tsx';
import { Help } from './help.tsx';

type Open = 'builds' | 'details' | 'help' | null;

/** Name of the build and what is always at hand. */
export function TitleBar() {
  const draft = useDraft();
  const run = useRun();
  const count = useApp(({ runs }) => runs.length);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <header className="title-bar">
      <img src="./casement.svg" alt="" width={20} height={20} />
      <span className="title-app">Casement</span>
      <span className="title-build">
        <Ellipsis text={buildName(draft)} />
      </span>
      {draft.practice ? <span className="badge">Practice</span> : null}
      <span className="grow" />
      {run ? (
        <Button
          appearance="subtle"
          size="small"
          icon={<TaskListLtrRegular />}
          onClick={() => setOpen('details')}
        >
          Build details
        </Button>
      ) : null}
      <Button appearance="subtle" size="small" icon={<HistoryRegular />} onClick={() => setOpen('builds')}>
        Builds{count > 0 ? ` (${count})` : ''}
      </Button>
      <ThemeMenu />
      <Tooltip content="Help" relationship="label">
        <Button
          appearance="subtle"
          size="small"
          icon={<QuestionCircleRegular />}
          onClick={() => setOpen('help')}
        />
      </Tooltip>
      {open === 'builds' ? <Builds onClose={close} /> : null}
      {open === 'details' && run ? <BuildDetails run={run} onClose={close} /> : null}
      {open === 'help' ? <Help onClose={close} /> : null}
    </header>
  );
}

const THEMES = [
  ['system', 'As the system', <DesktopRegular key="system" />],
  ['light', 'Light', <WeatherSunnyRegular key="light" />],
  ['dark', 'Dark', <WeatherMoonRegular key="dark" />],
] as const;

function ThemeMenu() {
  const model = useModel();
  const { theme } = useDraft();
  return (
    <Menu
      checkedValues={{ theme: [theme] }}
      onCheckedValueChange={(_, data) =>
        model.change((draft) => ({ ...draft, theme: (data.checkedItems[0] ?? 'system') as Draft['theme'] }))
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content="Theme" relationship="label">
          <Button appearance="subtle" size="small" icon={<DarkThemeRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {THEMES.map(([value, label, icon]) => (
            <MenuItemRadio key={value} name="theme" value={value} icon={icon}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
