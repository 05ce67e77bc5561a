"""Creates Neutron's tables: neutron_schema.py DATABASE.

Neutron's migrations do not run on sqlite; its models do. The agent row stands for an L2 agent on host "lab", which is
what lets ML2 bind ports there.
"""
import sqlite3
import sys

import sqlalchemy
from neutron.db.migration.models import head

head.get_metadata().create_all(sqlalchemy.create_engine('sqlite:///' + sys.argv[1]))
database = sqlite3.connect(sys.argv[1])
database.execute("""insert into agents (id, agent_type, binary, topic, host, admin_state_up, created_at, started_at,
  heartbeat_timestamp, configurations, load) values ('11111111-1111-4111-8111-111111111111', 'Linux bridge agent',
  'neutron-linuxbridge-agent', 'N/A', 'lab', 1, '2020-01-01 00:00:00', '2020-01-01 00:00:00', '2099-01-01 00:00:00',
  '{}', 0)""")
database.commit()
