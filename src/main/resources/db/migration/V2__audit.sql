-- Who did what, when and how it went. Lines are added and, when they are older than SERAI_AUDIT_RETENTION, removed; never
-- changed. That of a change is written in the change's own transaction.
create table audit_entries (
  id varchar(40) primary key,
  project varchar(100) not null,
  happened_at timestamp with time zone not null,
  actor varchar(400) not null,
  via varchar(200) not null, -- password | token:<id> | oidc | serai | nobody
  address varchar(100),
  action varchar(60) not null,
  object_id varchar(400),
  object_name varchar(400),
  connector_id varchar(40),
  outcome varchar(20) not null, -- ok | failed | refused
  code varchar(100),
  duration_ms bigint,
  occurrences bigint not null, -- more than one: as many alike within a minute
  details text not null -- object
);
create index audit_entries_list on audit_entries (project, id);
create index audit_entries_of_connector on audit_entries (connector_id, id);
create index audit_entries_by_age on audit_entries (happened_at);
