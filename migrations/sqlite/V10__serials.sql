-- Pieces told apart by a serial number: the product asks for it, and the till looks up where a piece is.
alter table product add column serial_tracked integer not null default 0;
create index sale_line_by_serial on sale_line (serial) where serial <> '';
