package dev.serai.rows;

/** Decodes the values of one column from PostgreSQL's binary form; one instance a cursor. NULLs never come here. */
interface PgDecoder {
    void decode(byte[] bytes, int offset, int length, ColumnWriter out, int row);
}
