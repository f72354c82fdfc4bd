-- Replication: eligible leader replicas (KIP-966), reassignments under way (KIP-455), and the ids of each broker's data
-- directories, by which one that comes back without its disk is known.
alter table partitions add column elr varchar(4000) default '' not null;
alter table partitions add column adding_replicas varchar(4000) default '' not null;
alter table partitions add column removing_replicas varchar(4000) default '' not null;

alter table brokers add column log_dirs varchar(4000) default '' not null;
