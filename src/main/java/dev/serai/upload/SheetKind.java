package dev.serai.upload;

import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/** Of which kind are the values of a sheet's column? */
enum SheetKind {
    NOTHING,
    ERROR,
    INTEGER,
    NUMBER,
    BOOLEAN,
    DATE,
    TIMESTAMP,
    TEXT;

    /** The narrowest kind that has the values of both. */
    SheetKind and(SheetKind other) {
        if (other == this || other == NOTHING || other == ERROR) {
            return this;
        }
        if (this == NOTHING || this == ERROR) {
            return other;
        }
        if ((this == INTEGER || this == NUMBER) && (other == INTEGER || other == NUMBER)) {
            return NUMBER;
        }
        return (this == DATE || this == TIMESTAMP) && (other == DATE || other == TIMESTAMP) ? TIMESTAMP : TEXT;
    }

    LogicalType type() {
        return LogicalType.of(
                switch (this) {
                    case INTEGER -> Kind.BIGINT;
                    case NUMBER -> Kind.DOUBLE;
                    case BOOLEAN -> Kind.BOOLEAN;
                    case DATE -> Kind.DATE;
                    case TIMESTAMP -> Kind.TIMESTAMP;
                    default -> Kind.VARCHAR;
                });
    }
}
