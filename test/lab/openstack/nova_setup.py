"""Makes Nova's databases: nova_setup.py CONFIG CELL0 CELL1.

What four calls of nova-manage do, without importing Nova four times.
"""
import shutil
import sys

from nova.cmd import manage
from nova import config, objects

configuration, cell0, cell1 = sys.argv[1:]
config.parse_args(['nova-manage', '--config-file', configuration])
objects.register_all()


def succeed(result):
    if result not in (None, 0, True):
        sys.exit('nova-manage answers %s' % result)


succeed(manage.ApiDbCommands().sync())
succeed(manage.CellV2Commands().map_cell0('sqlite:///' + cell0))
succeed(manage.CellV2Commands().create_cell(
    name='cell1', transport_url='fake://', database_connection='sqlite:///' + cell1))
succeed(manage.DbCommands().sync(local_cell=True))
# Both cells have the same tables.
shutil.copyfile(cell1, cell0)
