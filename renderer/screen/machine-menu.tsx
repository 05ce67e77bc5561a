// What can be done to the build VM itself: its CDs, its reset and power buttons.
import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import {
  ArrowCounterclockwiseRegular,
  ArrowEjectRegular,
  DesktopTowerRegular,
  PlugDisconnectedRegular,
  PowerRegular,
  RecordRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import type { RunView } from '../../shared/views.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { FileDialog } from '../parts/file-dialog.tsx';
import { folderOf } from '../parts/format.ts';
import { useModel } from '../state/app.tsx';

interface Drive {
  readonly id: string;
  readonly title: string;
  readonly file: string | null;
}

export function MachineMenu({
  run,
  act,
}: {
  readonly run: RunView;
  /** Runs an action and shows its error beside the screen. */
  readonly act: (work: () => Promise<unknown>) => void;
}) {
  const { client } = useModel();
  const [drives, setDrives] = useState<readonly Drive[]>([]);
  const [changing, setChanging] = useState<Drive | null>(null);
  const [forcing, setForcing] = useState<'off' | 'reset' | null>(null);
  const id = { run: run.id };
  const read = async () => setDrives((await client.call('machine.media', id)).drives);
  const load = () => act(read);
  // An open menu must not go on showing a CD that was just taken out.
  const change = (work: () => Promise<unknown>) =>
    act(async () => {
      await work();
      await read();
    });
  return (
    <>
      <Menu onOpenChange={(_, data) => data.open && load()}>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" size="small" icon={<DesktopTowerRegular />}>
            Machine
          </Button>
        </MenuTrigger>
        <MenuPopover className="wide-menu">
          <MenuList>
            {drives.flatMap((drive) => [
              <MenuItem
                key={`${drive.id}-insert`}
                icon={<RecordRegular />}
                secondaryContent={drive.file ? shortName(drive.file) : 'empty'}
                onClick={() => setChanging(drive)}
              >
                Change {drive.title}
              </MenuItem>,
              <MenuItem
                key={`${drive.id}-eject`}
                icon={<ArrowEjectRegular />}
                disabled={drive.file === null}
                onClick={() => change(() => client.call('machine.eject', { ...id, drive: drive.id }))}
              >
                Eject {drive.title}
              </MenuItem>,
            ])}
            {drives.length > 0 ? <MenuDivider /> : null}
            <MenuItem icon={<PowerRegular />} onClick={() => act(() => client.call('machine.powerdown', id))}>
              Press the power button
            </MenuItem>
            <MenuItem icon={<ArrowCounterclockwiseRegular />} onClick={() => setForcing('reset')}>
              Reset…
            </MenuItem>
            <MenuItem icon={<PlugDisconnectedRegular />} onClick={() => setForcing('off')}>
              Force off…
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {changing ? (
        <FileDialog
          title={`Choose a CD image for ${changing.title}`}
          host={run.plan.host}
          start={changing.file ? folderOf(changing.file) : '/'}
          extensions={['iso']}
          onClose={() => setChanging(null)}
          onPick={(path) => {
            const drive = changing.id;
            setChanging(null);
            change(() => client.call('machine.insert', { ...id, drive, path }));
          }}
        />
      ) : null}
      {forcing ? (
        <ConfirmDialog
          title={forcing === 'off' ? 'Force the machine off?' : 'Reset the machine?'}
          text={`Windows gets no chance to save anything${forcing === 'off' ? ', as if the plug was pulled' : ''}. An installation that is under way can be ruined by this.`}
          accept={forcing === 'off' ? 'Force off' : 'Reset'}
          onClose={(yes) => {
            setForcing(null);
            if (yes) act(() => client.call(forcing === 'off' ? 'machine.stop' : 'machine.reset', id));
          }}
        />
      ) : null}
    </>
  );
}

function shortName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.length > 28 ? `${name.slice(0, 26)}…` : name;
}
