# shellcheck shell=bash
# `./naru cluster …`: a cluster of several processes on this machine, to play with. Sourced by `naru`, whose functions it uses.
# Each node has a directory under $DATA with its data, its run file and its log.

CLUSTER_BROKERS_MAX=9

cluster_usage() {
  cat <<'USAGE'
A cluster of several processes on this machine: brokers that replicate, and one admin, coordinator and gateway service.

  ./naru cluster start [options] [--any.spring.property=value …]   starts all nodes in the background, those too that were killed
      --brokers N       how many brokers, 1 to 9                (3; later starts keep the number)
      --data DIR        where everything is kept                (./data-cluster, NARU_CLUSTER_DATA_DIR)
      --heap SIZE       Java heap limit of each process         (192m)
      --ports-from N    N and the 39 ports after it, instead of the usual ones; later starts keep them
      --no-build        starts the jar that is there
  ./naru cluster status                  nodes, their state, process and ports
  ./naru cluster kill NODE               kill -9 of one node (broker-2, gateway …), as a crash would
  ./naru cluster pause|resume NODE       SIGSTOP and SIGCONT: a node that hangs, and wakes
  ./naru cluster stop [NODE]             an orderly stop of one node, or of all
  ./naru cluster start NODE              brings one node back on its data

  Kafka clients: localhost:9092, 9192, 9292 …   HTTP: localhost:8080, as with ./naru start
USAGE
}

cluster_nodes() {
  local i
  printf 'admin\n'
  for ((i = 1; i <= BROKERS; i++)); do printf 'broker-%d\n' "$i"; done
  printf 'coordinator\ngateway\n'
}

# The process of node $1, if it runs.
node_pid() {
  local pid file="$DATA/$1/run/${1%%-*}.json"
  [ -f "$file" ] || return 0
  pid="$(field "$file" pid 2>/dev/null)"
  if [ -n "$pid" ] && is_naru "$pid"; then printf '%s' "$pid"; fi
}

# port <gateway|management|admin|coordinator|coordinator-kafka>, port broker|kafka <number of the broker>
port() {
  case "$1" in
    gateway) printf '%d' $((PORTS_FROM ? PORTS_FROM : 8080)) ;;
    management) printf '%d' $((PORTS_FROM ? PORTS_FROM + 1 : 8090)) ;;
    admin) printf '%d' $((PORTS_FROM ? PORTS_FROM + 2 : 8081)) ;;
    coordinator) printf '%d' $((PORTS_FROM ? PORTS_FROM + 3 : 8082)) ;;
    coordinator-kafka) printf '%d' $((PORTS_FROM ? PORTS_FROM + 4 : 9093)) ;;
    broker) printf '%d' $((PORTS_FROM ? PORTS_FROM + 10 + $2 : 7983 + 100 * $2)) ;;
    kafka) printf '%d' $((PORTS_FROM ? PORTS_FROM + 30 + $2 : 8992 + 100 * $2)) ;;
  esac
}

# Main class and arguments of node $1, into NODE_MAIN and NODE_ARGS.
node_arguments() {
  local service="${1%%-*}" number="${1##*-}" i bootstrap=''
  NODE_ARGS=("--naru.data-dir=$DATA/$1" "--naru.run-dir=$DATA/$1/run"
    "--naru.control-plane.urls=http://127.0.0.1:$(port admin)")
  case "$service" in
    admin)
      NODE_MAIN=io.naru.admin.AdminApplication
      NODE_ARGS+=("--naru.admin.port=$(port admin)")
      if [ "$BROKERS" -ge 3 ]; then NODE_ARGS+=(--naru.admin.default-replication-factor=3); fi
      ;;
    broker)
      NODE_MAIN=io.naru.broker.BrokerApplication
      NODE_ARGS+=("--naru.broker.id=$number" "--naru.broker.port=$(port broker "$number")"
        "--naru.broker.kafka.port=$(port kafka "$number")" --naru.broker.auto-create-topics=true)
      ;;
    coordinator)
      NODE_MAIN=io.naru.coordinator.CoordinatorApplication
      NODE_ARGS+=("--naru.coordinator.port=$(port coordinator)"
        "--naru.coordinator.kafka.port=$(port coordinator-kafka)")
      ;;
    gateway)
      NODE_MAIN=io.naru.gateway.GatewayApplication
      for ((i = 1; i <= BROKERS; i++)); do bootstrap+="${bootstrap:+,}127.0.0.1:$(port kafka "$i")"; done
      NODE_ARGS+=("--naru.gateway.port=$(port gateway)" "--naru.gateway.management-port=$(port management)"
        "--naru.gateway.bootstrap=$bootstrap" "--naru.gateway.admin-url=http://127.0.0.1:$(port admin)")
      ;;
  esac
}

# Starts node $1 if it does not run, and returns at once.
launch_node() {
  [ -z "$(node_pid "$1")" ] || return 0
  node_arguments "$1"
  mkdir -p "$DATA/$1"
  jvm_command "$APP/naru.jar" 2>/dev/null
  COMMAND+=(-cp "$APP/naru.jar" "$NODE_MAIN" "${NODE_ARGS[@]}" ${PROPERTIES[@]+"${PROPERTIES[@]}"})
  nohup "${COMMAND[@]}" </dev/null >>"$DATA/$1/$1.log" 2>&1 &
  LAUNCHED+=("$!")
}

# await_nodes <node> …: until all are ready.
await_nodes() {
  local i node file pid waiting
  for ((i = 0; i < 450; i++)); do
    waiting=''
    for node in "$@"; do
      file="$DATA/$node/run/${node%%-*}.json"
      if [ -z "$(node_pid "$node")" ] || ! ready "$(field "$file" management 2>/dev/null)"; then waiting="$node"; fi
    done
    [ -n "$waiting" ] || return 0
    for pid in "${LAUNCHED[@]}"; do
      kill -0 "$pid" 2>/dev/null || die "a node ended while starting" "its log is one of $DATA/*/*.log"
    done
    sleep 0.2
  done
  die "$waiting is not ready after 90 s; it goes on trying" "its log is $DATA/$waiting/$waiting.log"
}

# check_node <node>: dies unless there is such a node.
check_node() {
  cluster_nodes | grep -qx -- "$1" || die "there is no node '$1'" "nodes are $(cluster_nodes | tr '\n' ' ')"
}

cluster_start() {
  local node nodes
  if [ -n "$NODE" ]; then
    check_node "$NODE"
    nodes=("$NODE")
  else
    mapfile -t nodes < <(cluster_nodes)
  fi
  if [ "$BUILD" = yes ]; then build_if_needed; fi
  [ -n "$(executable_jar)" ] || die "there is no standalone/target/standalone-*-exec.jar" "./naru build makes it"
  if [ ! -f "$APP/naru.jar" ] || [ "$(executable_jar)" -nt "$APP/naru.jar" ]; then
    unpack || die "the jar could not be unpacked" "see $ROOT/target/naru-unpack.log"
  fi
  mkdir -p "$DATA"
  printf '%s %s\n' "$BROKERS" "$PORTS_FROM" >"$DATA/shape"
  LAUNCHED=()
  for node in "${nodes[@]}"; do launch_node "$node"; done
  if [ "${#LAUNCHED[@]}" -gt 0 ]; then await_nodes "${nodes[@]}"; fi
  cluster_status
}

cluster_status() {
  local node pid state file kafka
  while IFS= read -r node; do
    pid="$(node_pid "$node")"
    file="$DATA/$node/run/${node%%-*}.json"
    if [ -z "$pid" ]; then
      printf '%-12s down\n' "$node"
      continue
    fi
    state='not ready'
    if grep -q '^State:.T' "/proc/$pid/status" 2>/dev/null; then
      state=paused
    elif ready "$(field "$file" management)"; then
      state=ready
    fi
    kafka="$(field "$file" kafka)"
    printf '%-12s %-10s process %-8s http://localhost:%s%s\n' "$node" "$state" "$pid" "$(field "$file" http)" \
      "${kafka:+   Kafka localhost:$kafka}"
  done < <(cluster_nodes)
}

# cluster_signal <signal> <what was done>
cluster_signal() {
  [ -n "$NODE" ] || die "which node?" "one of $(cluster_nodes | tr '\n' ' ')"
  check_node "$NODE"
  local pid
  pid="$(node_pid "$NODE")"
  [ -n "$pid" ] || die "$NODE does not run" "./naru cluster status shows what does"
  kill "-$1" "$pid"
  say "naru: $NODE (process $pid) $2"
}

# stop_nodes <node> …: asks all of them at once, and waits for all.
stop_nodes() {
  local node pids
  pids="$(for node in "$@"; do node_pid "$node"; printf '\n'; done)"
  stop_processes "$pids" || die "still running 40 s after the order to stop: $*" \
    "./naru cluster kill NODE ends one; acknowledged records stay"
}

# Those who ask others stop first.
cluster_stop() {
  if [ -n "$NODE" ]; then
    check_node "$NODE"
    stop_nodes "$NODE"
  else
    local brokers
    mapfile -t brokers < <(cluster_nodes | grep '^broker-')
    stop_nodes gateway
    stop_nodes coordinator
    stop_nodes "${brokers[@]}"
    stop_nodes admin
  fi
  say "naru: stopped ${NODE:-all nodes}"
}

cluster() {
  local command="${1:-help}" name value options=() kept_brokers=3 kept_ports=0
  if [ $# -gt 0 ]; then shift; fi
  DATA="${NARU_CLUSTER_DATA_DIR:-$ROOT/data-cluster}"
  # shellcheck disable=SC2034 # used by jvm_command
  HEAP=192m
  BROKERS=''
  PORTS_FROM=''
  NODE=''
  while [ $# -gt 0 ]; do
    name="${1%%=*}"
    case "$name" in
      --brokers | --ports-from | --data | --heap)
        if [ "$name" != "$1" ]; then
          value="${1#*=}"
        else
          [ $# -gt 1 ] || die "$name wants a value" "./naru cluster help lists the options"
          shift
          value="$1"
        fi
        case "$name" in
          --brokers) BROKERS="$value" ;;
          --ports-from) PORTS_FROM="$value" ;;
          *) options+=("$name=$value") ;;
        esac
        ;;
      -*) options+=("$1") ;;
      *) NODE="$1" ;;
    esac
    shift
  done
  parse_options ${options[@]+"${options[@]}"}
  if [ -f "$DATA/shape" ]; then read -r kept_brokers kept_ports <"$DATA/shape"; fi
  BROKERS="${BROKERS:-$kept_brokers}"
  PORTS_FROM="${PORTS_FROM:-$kept_ports}"
  case "$BROKERS" in
    [1-9]) ;;
    *) die "--brokers wants a number from 1 to $CLUSTER_BROKERS_MAX, got '$BROKERS'" ;;
  esac
  case "$PORTS_FROM" in
    0 | [1-9][0-9][0-9][0-9] | [1-6][0-9][0-9][0-9][0-9]) ;;
    *) die "--ports-from wants a number from 1000 to 65000, got '$PORTS_FROM'" ;;
  esac
  # shellcheck disable=SC2034 # where `ready` asks
  BIND=127.0.0.1
  case "$command" in
    start) cluster_start ;;
    status) cluster_status ;;
    stop) cluster_stop ;;
    kill) cluster_signal KILL 'was killed' ;;
    pause) cluster_signal STOP 'is paused' ;;
    resume) cluster_signal CONT 'goes on' ;;
    help | -h | --help) cluster_usage ;;
    *) die "there is no 'cluster $command'" "./naru cluster help lists what there is" ;;
  esac
}
