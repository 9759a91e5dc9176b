-- How many connections a read may be spread over, where the source can split it.
alter table datasets add column parallelism integer default 1 not null;
