-- Configs that are set on brokers while they run (KIP-226); broker_id is -1 for those that are set on all of them.
create table broker_configs (
  cluster_path varchar(255)  not null references clusters (path),
  broker_id    integer       not null,
  name         varchar(100)  not null,
  config_value varchar(4000) not null,
  primary key (cluster_path, broker_id, name)
);

-- Who changed what: a row for every administrative change, written in the change's own transaction. The version is that of
-- the first cluster image that shows the change.
create table change_history (
  cluster_path  varchar(255)             not null references clusters (path),
  image_version bigint                   not null,
  ordinal       integer                  not null,
  changed_at    timestamp with time zone not null,
  principal     varchar(255)             not null,
  client        varchar(255)             not null,
  address       varchar(255)             not null,
  change_action varchar(30)              not null,
  resource_kind varchar(30)              not null,
  resource      varchar(300)             not null,
  value_before  varchar(1000000)         not null,
  value_after   varchar(1000000)         not null,
  primary key (cluster_path, image_version, ordinal)
);

create index change_history_by_resource
  on change_history (cluster_path, resource_kind, resource, image_version, ordinal);
create index change_history_by_time on change_history (cluster_path, changed_at);
