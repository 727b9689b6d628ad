"""Ports of what is dangerous in the wrong hands: databases, caches, brokers, the cluster's own, logins, debuggers.

Only numbers that are mostly used for that one thing are here. Left out are those that half the world uses for something
else (7000, 8080, 9000, 9093), and what serves everybody by nature (DNS, LDAP, MQTT, object stores).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netpol_lint.records import NamedTuple


class SensitivePort(NamedTuple):
    """A TCP port, whose it is, and why it is not for everybody."""

    number: int
    name: str
    reason: str


_DATABASE: Final = "whoever reaches a database can try its passwords and its flaws"
_OPEN_STORE: Final = "it asks for no password unless somebody has set one"
_BROKER: Final = "whoever reaches a broker can read and write what its clients send each other"
_STATE: Final = "it holds every object and every Secret of the cluster"
_NODE: Final = "it runs commands in the pods of its node"
_LOGIN: Final = "it is a login for administrators"
_DEBUGGER: Final = "a debugger runs any code, and asks for no password"
_DAEMON: Final = "whoever reaches it is root on the node"

_PORTS: Final = (
    SensitivePort(22, "SSH", _LOGIN),
    SensitivePort(23, "Telnet", _LOGIN),
    SensitivePort(1433, "Microsoft SQL Server", _DATABASE),
    SensitivePort(1521, "Oracle Database", _DATABASE),
    SensitivePort(2181, "ZooKeeper", _OPEN_STORE),
    SensitivePort(2345, "the Go debugger", _DEBUGGER),
    SensitivePort(2375, "Docker", _DAEMON),
    SensitivePort(2376, "Docker", _DAEMON),
    SensitivePort(2379, "etcd", _STATE),
    SensitivePort(2380, "etcd peers", _STATE),
    SensitivePort(3306, "MySQL", _DATABASE),
    SensitivePort(3389, "Remote Desktop", _LOGIN),
    SensitivePort(4222, "NATS", _BROKER),
    SensitivePort(5005, "the Java debugger", _DEBUGGER),
    SensitivePort(5432, "PostgreSQL", _DATABASE),
    SensitivePort(5671, "AMQP", _BROKER),
    SensitivePort(5672, "AMQP", _BROKER),
    SensitivePort(5678, "the Python debugger", _DEBUGGER),
    SensitivePort(5900, "VNC", _LOGIN),
    SensitivePort(5984, "CouchDB", _DATABASE),
    SensitivePort(6379, "Redis", _OPEN_STORE),
    SensitivePort(6432, "PgBouncer", _DATABASE),
    SensitivePort(6650, "Pulsar", _BROKER),
    SensitivePort(7199, "Cassandra's JMX", _DEBUGGER),
    SensitivePort(7687, "Neo4j", _DATABASE),
    SensitivePort(9042, "Cassandra", _DATABASE),
    SensitivePort(9092, "Kafka", _BROKER),
    SensitivePort(9200, "Elasticsearch", _OPEN_STORE),
    SensitivePort(9229, "the Node.js debugger", _DEBUGGER),
    SensitivePort(9300, "Elasticsearch nodes", _OPEN_STORE),
    SensitivePort(10250, "the kubelet", _NODE),
    SensitivePort(10255, "the kubelet", _NODE),
    SensitivePort(11211, "Memcached", _OPEN_STORE),
    SensitivePort(15672, "RabbitMQ's management", _BROKER),
    SensitivePort(16379, "the Redis cluster bus", _OPEN_STORE),
    SensitivePort(26257, "CockroachDB", _DATABASE),
    SensitivePort(26379, "Redis Sentinel", _OPEN_STORE),
    SensitivePort(27017, "MongoDB", _DATABASE),
    SensitivePort(27018, "MongoDB", _DATABASE),
    SensitivePort(27019, "MongoDB", _DATABASE),
    SensitivePort(28015, "RethinkDB", _DATABASE),
    SensitivePort(33060, "MySQL", _DATABASE),
    SensitivePort(61616, "ActiveMQ", _BROKER),
)
SENSITIVE_PORTS: Final[Mapping[int, SensitivePort]] = {port.number: port for port in _PORTS}
_ORDINARY: Final = ("http", "https", "web", "grpc", "metrics", "prom", "stats", "webhook", "health", "probe", "api")
"""How names of ports begin behind which is a server for clients: cert-manager's webhook listens on the kubelet's."""


def is_ordinary(name: str) -> bool:
    """Whether the name of a container port says that something else is there than its number is known for."""
    return name.startswith(_ORDINARY)
