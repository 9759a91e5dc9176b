-- Which column a dataset's watermark is a position of: that of another column than the present one does not count.
alter table datasets add column watermark_of text;
update datasets set watermark_of = coalesce(watermark_column,
    (select c.watermark_column from data_connectors c where c.id = connector_id))
  where watermark is not null;
-- What becomes of rows that the source has no more: none | hard | soft
alter table datasets add column detect_deletes varchar(10) default 'none' not null;
