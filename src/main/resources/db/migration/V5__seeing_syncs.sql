-- How far a dataset's sync is: an object, told while it runs.
alter table run_datasets add column progress text;

-- How many runs in a row had failed when this one ended; null while it is going on, and where it never began. Counted
-- from this version on.
alter table runs add column consecutive_failures integer;
alter table run_datasets add column consecutive_failures integer;

-- Since when the connector has had the schedule that it has; null: since it was made, or longer than this is noted.
alter table data_connectors add column schedule_since timestamp with time zone;
