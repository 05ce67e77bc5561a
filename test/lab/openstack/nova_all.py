"""Every Nova service in one process, so that the in-memory message transport reaches all of them."""
import sys

import nova.cmd  # noqa: F401 - patches the standard library before anything else is imported
import nova.conf
import os_vif
from nova import config, objects, service
from oslo_log import log as logging
from oslo_privsep import priv_context
from oslo_service import service as oslo_service

config.parse_args(sys.argv)
logging.setup(nova.conf.CONF, 'nova')
objects.register_all()
# Already root: neither sudo nor rootwrap.
priv_context.init(root_helper=['env'])
os_vif.initialize()
launcher = oslo_service.ServiceLauncher(nova.conf.CONF)
for name in ('conductor', 'scheduler', 'compute'):
    launcher.launch_service(service.Service.create(binary='nova-' + name, topic=name))
for api in ('osapi_compute', 'metadata'):
    launcher.launch_service(service.WSGIService(api))
launcher.wait()
