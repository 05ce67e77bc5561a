"""Neutron's API and nothing else: neutron-server would also fork RPC and periodic workers."""
import signal

import neutron.cmd.eventlet  # noqa: F401 - patches the standard library before anything else is imported
import sqlalchemy.orm
from neutron import server, service


def run():
    api = service.serve_wsgi(service.NeutronApiService)
    # Without this the first GET /ports ends in 500.
    sqlalchemy.orm.configure_mappers()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    api.wait()


server.boot_server(run)
