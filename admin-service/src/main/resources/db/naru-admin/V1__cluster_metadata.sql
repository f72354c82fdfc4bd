-- One row per cluster. Its lease says which admin-service is the active controller; every change of metadata updates
-- this row in its own transaction and is refused when the epoch is no longer the writer's.
create table clusters (
  path             varchar(255)             not null primary key,
  cluster_id       varchar(64)              not null,
  image_version    bigint                   not null,
  next_producer_id bigint                   not null,
  controller_epoch integer                  not null,
  lease_holder     varchar(255),
  lease_expires_at timestamp with time zone not null
);

create table brokers (
  cluster_path   varchar(255) not null references clusters (path),
  broker_id      integer      not null,
  epoch          bigint       not null,
  incarnation_id varchar(255) not null,
  kafka_host     varchar(255) not null,
  kafka_port     integer      not null,
  http_host      varchar(255) not null,
  http_port      integer      not null,
  rack           varchar(255),
  fenced         boolean      not null,
  primary key (cluster_path, broker_id)
);

create table coordinators (
  cluster_path   varchar(255) not null references clusters (path),
  coordinator_id integer      not null,
  epoch          bigint       not null,
  incarnation_id varchar(255) not null,
  kafka_host     varchar(255) not null,
  kafka_port     integer      not null,
  http_host      varchar(255) not null,
  http_port      integer      not null,
  alive          boolean      not null,
  primary key (cluster_path, coordinator_id)
);

create table topics (
  cluster_path varchar(255) not null references clusters (path),
  name         varchar(249) not null,
  topic_id     varchar(22)  not null,
  primary key (cluster_path, name),
  unique (cluster_path, topic_id)
);

create table topic_configs (
  cluster_path varchar(255)  not null,
  topic        varchar(249)  not null,
  name         varchar(100)  not null,
  config_value varchar(4000) not null,
  primary key (cluster_path, topic, name),
  foreign key (cluster_path, topic) references topics (cluster_path, name)
);

create table partitions (
  cluster_path    varchar(255)  not null,
  topic           varchar(249)  not null,
  partition_index integer       not null,
  replicas        varchar(4000) not null,
  isr             varchar(4000) not null,
  leader          integer       not null,
  leader_epoch    integer       not null,
  partition_epoch integer       not null,
  primary key (cluster_path, topic, partition_index),
  foreign key (cluster_path, topic) references topics (cluster_path, name)
);

create table shards (
  cluster_path   varchar(255) not null references clusters (path),
  shard          integer      not null,
  coordinator_id integer      not null,
  epoch          integer      not null,
  primary key (cluster_path, shard)
);
