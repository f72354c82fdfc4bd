-- The throttled replicas of a topic (KIP-73) are a list with an entry for each replica.
alter table topic_configs alter column config_value set data type varchar(32000);
alter table broker_configs alter column config_value set data type varchar(32000);
