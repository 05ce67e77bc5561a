"""Makes Keystone's database and its first user: keystone_setup.py CONFIG URL, password in OS_BOOTSTRAP_PASSWORD.

What two calls of keystone-manage do, without importing Keystone twice.
"""
import sys

from keystone.cmd import cli
from keystone.common.sql import upgrades

configuration, url = sys.argv[1:]
bootstrap = cli.BootStrap.do_bootstrap


def make_tables_and_bootstrap(self):
    upgrades.offline_sync_database_to_version(None)
    bootstrap(self)


cli.BootStrap.do_bootstrap = make_tables_and_bootstrap
cli.main(['keystone-manage', '--config-file', configuration, 'bootstrap', '--bootstrap-region-id', 'RegionOne',
          '--bootstrap-public-url', url, '--bootstrap-internal-url', url, '--bootstrap-admin-url', url])
