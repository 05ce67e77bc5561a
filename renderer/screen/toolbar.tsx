import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  ToggleButton,
  Toolbar,
  Tooltip,
} from '@fluentui/react-components';
import {
  CameraRegular,
  EyeRegular,
  FullScreenMaximizeRegular,
  KeyboardRegular,
  TextboxRegular,
  ZoomFitRegular,
} from '@fluentui/react-icons';
import { Fragment, type ReactNode } from 'react';
import { CTRL_ALT_DEL, SPECIAL_KEYS, type SpecialKey } from './keys.ts';

export interface ToolbarActions {
  readonly press: (key: SpecialKey) => void;
  readonly typeText: () => void;
  readonly screenshot: () => void;
  readonly fullScreen: () => void;
  readonly setFit: (fit: boolean) => void;
  readonly setViewOnly: (viewOnly: boolean) => void;
}

/** The buttons above the screen. */
export function ScreenToolbar({
  actions,
  fit,
  viewOnly,
  typing,
  children,
  end,
}: {
  readonly actions: ToolbarActions;
  readonly fit: boolean;
  readonly viewOnly: boolean;
  /** A text is being typed; a second one would mix with it. */
  readonly typing: boolean;
  readonly children: ReactNode;
  /** Stands behind the last button. */
  readonly end?: ReactNode;
}) {
  return (
    <Toolbar aria-label="Screen" className="screen-toolbar" size="small">
      <Button appearance="subtle" size="small" onClick={() => actions.press(CTRL_ALT_DEL)}>
        Ctrl+Alt+Del
      </Button>
      <Menu positioning={{ autoSize: true }}>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" size="small" icon={<KeyboardRegular />}>
            Keys
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {SPECIAL_KEYS.map((group, index) => (
              <Fragment key={group[0]?.label}>
                {index > 0 ? <MenuDivider /> : null}
                {group.map((key) => (
                  <MenuItem key={key.label} onClick={() => actions.press(key)}>
                    {key.label}
                  </MenuItem>
                ))}
              </Fragment>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button
        appearance="subtle"
        size="small"
        icon={<TextboxRegular />}
        disabledFocusable={typing}
        onClick={actions.typeText}
      >
        Type a text
      </Button>
      {children}
      <span className="grow" />
      <Tooltip content="Take no keys and clicks" relationship="description">
        <ToggleButton
          appearance="subtle"
          size="small"
          icon={<EyeRegular />}
          checked={viewOnly}
          aria-label="View only"
          onClick={() => actions.setViewOnly(!viewOnly)}
        />
      </Tooltip>
      <Tooltip content={fit ? 'Show in full size' : 'Fit into the window'} relationship="description">
        <ToggleButton
          appearance="subtle"
          size="small"
          icon={<ZoomFitRegular />}
          checked={fit}
          aria-label="Fit to window"
          onClick={() => actions.setFit(!fit)}
        />
      </Tooltip>
      <Tooltip content="Save a screenshot" relationship="label">
        <Button appearance="subtle" size="small" icon={<CameraRegular />} onClick={actions.screenshot} />
      </Tooltip>
      <Tooltip content="Full screen" relationship="label">
        <Button
          appearance="subtle"
          size="small"
          icon={<FullScreenMaximizeRegular />}
          onClick={actions.fullScreen}
        />
      </Tooltip>
      {end}
    </Toolbar>
  );
}
