-- One script for H2 (PostgreSQL mode) and PostgreSQL. Lists and objects are JSON in text columns, times are instants with
-- microseconds, identifiers are those of dev.serai.metadata.Ids: sorting by id is sorting by creation.
-- A "…_key" column holds a name in lower case, so that uniqueness ignores case on both databases.

-- What belongs to this installation as a whole, such as the check value of the sign key.
create table instance (
  name varchar(40) primary key,
  content bytea not null,
  updated_at timestamp with time zone not null
);

-- Configured connectors that exist. Deleting one removes its row and, with it, all its secrets.
create table data_connectors (
  id varchar(40) primary key,
  project varchar(100) not null,
  slug varchar(120) not null,
  name varchar(400) not null,
  name_key varchar(800) not null,
  type varchar(200) not null,
  description text not null,
  config text not null, -- object; nothing secret
  output_schemas text not null, -- list
  enabled boolean not null,
  schedule_cron varchar(400),
  schedule_mode varchar(20), -- incremental | full
  schedule_timezone varchar(100),
  watermark_column text,
  discovery varchar(20), -- pending | done | failed
  revision bigint not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint data_connectors_name_unique unique (project, name_key),
  constraint data_connectors_slug_unique unique (project, slug)
);
create index data_connectors_list on data_connectors (project, id);

-- One row per secret that is set; sealed by dev.serai.credential for exactly this connector and field.
create table connector_secrets (
  connector_id varchar(40) not null references data_connectors (id) on delete cascade,
  field varchar(200) not null,
  sealed bytea not null,
  primary key (connector_id, field)
);

-- What remains of a deleted connector: whose datasets these were. Its name and slug are free again.
create table deleted_connectors (
  id varchar(40) primary key,
  project varchar(100) not null,
  slug varchar(120) not null,
  name varchar(400) not null,
  type varchar(200) not null,
  deleted_at timestamp with time zone not null
);

-- Every test run; connector_id is null for a config that was not saved.
create table connector_tests (
  id varchar(40) primary key,
  project varchar(100) not null,
  connector_id varchar(40) references data_connectors (id) on delete cascade,
  type varchar(200) not null,
  ok boolean not null,
  latency_ms bigint not null,
  error text,
  category varchar(40),
  steps text not null, -- list of {name, ok, latency_ms, error}
  tested_at timestamp with time zone not null,
  tested_by varchar(400)
);
create index connector_tests_all on connector_tests (project, id);
create index connector_tests_of_connector on connector_tests (connector_id, id);

-- When a connector's models were last asked for, and at which revision of the connector.
create table connector_discoveries (
  connector_id varchar(40) primary key references data_connectors (id) on delete cascade,
  revision bigint not null,
  discovered_at timestamp with time zone not null
);

create table connector_models (
  connector_id varchar(40) not null references data_connectors (id) on delete cascade,
  model_id varchar(2000) not null,
  schema_name varchar(1000) not null, -- '' where the source has no schemas
  name varchar(1000) not null,
  search_key varchar(4000) not null, -- schema.name in lower case
  kind varchar(40) not null,
  row_estimate bigint,
  primary key (connector_id, model_id)
);

-- connector_id has no foreign key: datasets outlive their connector.
create table datasets (
  id varchar(40) primary key,
  project varchar(100) not null,
  name varchar(400) not null,
  name_key varchar(800) not null,
  connector_id varchar(40) not null,
  model text,
  query text,
  path text,
  mode varchar(20), -- incremental | full
  watermark_column text,
  primary_key text not null, -- list
  lookback varchar(40),
  schema_policy varchar(40) not null,
  column_names text not null, -- list; empty: all
  row_filter text,
  readers text not null, -- list; empty: every viewer
  table_columns text not null, -- list of columns, as last synced
  row_count bigint not null,
  byte_count bigint not null,
  table_version bigint,
  watermark text, -- of the last sync, or as set by a person
  status varchar(40) not null, -- new | ready | needs_watermark | failed
  status_reason text,
  freshness timestamp with time zone,
  last_run varchar(40),
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint datasets_name_unique unique (project, name_key)
);
create index datasets_list on datasets (project, id);
create index datasets_of_connector on datasets (connector_id, id);

-- Datasets that are deleted, whose tables may still be there; carried out again and forgotten at the next start.
create table dropped_tables (
  dataset_id varchar(40) primary key,
  project varchar(100) not null
);

-- active_key is the connector's id while the run is queued or running, else null: one run a connector at a time, also
-- across replicas. A replica that holds a run renews lease_until.
create table runs (
  id varchar(40) primary key,
  project varchar(100) not null,
  connector_id varchar(40) not null,
  active_key varchar(40),
  run_trigger varchar(20) not null, -- schedule | manual | upload
  started_by varchar(400),
  scheduled_for timestamp with time zone,
  mode varchar(20),
  status varchar(20) not null, -- queued | running | succeeded | failed | skipped | cancelled
  reason text,
  missed integer,
  error text, -- object
  cancel_requested boolean not null,
  claimed_by varchar(200),
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint runs_one_active unique (active_key)
);
create index runs_list on runs (project, id);
create index runs_of_connector on runs (connector_id, id);
create index runs_by_status on runs (status, lease_until);

create table run_datasets (
  run_id varchar(40) not null references runs (id) on delete cascade,
  dataset_id varchar(40) not null,
  place integer not null, -- the order within the run
  name varchar(400) not null, -- as it was at the time
  status varchar(20) not null,
  reason text,
  mode varchar(20),
  rows_read bigint not null,
  rows_written bigint not null,
  rows_deleted bigint not null,
  rows_rejected bigint not null,
  byte_count bigint not null,
  watermark_before text,
  watermark_after text,
  table_version bigint,
  warnings text not null, -- list
  error text, -- object
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  primary key (run_id, dataset_id)
);
create index run_datasets_of_dataset on run_datasets (dataset_id, run_id);

create table run_events (
  run_id varchar(40) not null references runs (id) on delete cascade,
  seq bigint not null, -- from 1, without gaps
  event varchar(40) not null,
  payload text not null, -- object
  happened_at timestamp with time zone not null,
  primary key (run_id, seq)
);

-- People who log in with a password.
create table users (
  username varchar(200) primary key,
  password_hash varchar(400) not null,
  project varchar(100) not null,
  roles text not null, -- list
  user_groups text not null, -- list
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null
);

-- Minted tokens: the id is the JWT's jti; the token itself is not kept.
create table tokens (
  id varchar(40) primary key,
  project varchar(100) not null,
  minted_in varchar(100) not null, -- the project of the one who minted it
  name varchar(400) not null,
  roles text not null, -- list
  token_groups text not null, -- list
  created_by varchar(400) not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone
);
create index tokens_list on tokens (project, id);
create index tokens_list_minted_in on tokens (minted_in, id);
