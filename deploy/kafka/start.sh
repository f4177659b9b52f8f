#!/bin/sh
# Starts one Kafka of docker-compose.yml, Kubernetes or systemd: server.properties with what differs from node to node.
# KAFKA_NODE: its number, 1 being the first; KAFKA_NAME: its name on the network; KAFKA_NODES: the names of all,
# with spaces between them; KAFKA_LISTEN: the only address it is asked on, all without; KAFKA_SECURED=yes: TLS and
# passwords, secured.properties. More nodes than one keep three copies of everything and join the first by themselves.
set -eu
: "${KAFKA_NODE:?}" "${KAFKA_NAME:?}" "${KAFKA_NODES:?}"
bin=${KAFKA_BIN:-/opt/kafka/bin}
here=${KAFKA_CONFIG:-/etc/langnghe}
data=${KAFKA_DATA:-/var/lib/kafka}
port=${KAFKA_PORT:-9092}
controller=${KAFKA_CONTROLLER_PORT:-9093}
listen=${KAFKA_LISTEN:-}
config=${KAFKA_TMP:-/tmp}/server.properties

controllers=""
count=0
for node in $KAFKA_NODES; do
  case "$node" in *:*) address=$node ;; *) address=$node:$controller ;; esac
  controllers=${controllers:+$controllers,}$address
  count=$((count + 1))
done

cp "$here/server.properties" "$config"
{
  echo
  [ "${KAFKA_SECURED:-}" != yes ] || cat "$here/secured.properties"
  echo "node.id=$KAFKA_NODE"
  echo "listeners=BROKER://$listen:$port,CONTROLLER://$listen:$controller"
  echo "advertised.listeners=BROKER://$KAFKA_NAME:$port,CONTROLLER://$KAFKA_NAME:$controller"
  echo "controller.quorum.bootstrap.servers=$controllers"
  echo "log.dirs=$data/log"
  if [ "$count" -ge 3 ]; then
    echo "controller.quorum.auto.join.enable=true"
    for name in offsets.topic transaction.state.log share.coordinator.state.topic; do
      echo "$name.replication.factor=3"
    done
    echo "transaction.state.log.min.isr=2"
    echo "share.coordinator.state.topic.min.isr=2"
    echo "default.replication.factor=3"
    echo "min.insync.replicas=2"
  fi
} >>"$config"

# the first node is the quorum; the others ask to be let in
if [ "$KAFKA_NODE" = 1 ]; then first=--standalone; else first=--no-initial-controllers; fi
"$bin/kafka-storage.sh" format "$first" --ignore-formatted -t TGFuZ05naGUtb25lLW5vZA -c "$config"
exec "$bin/kafka-server-start.sh" "$config"
