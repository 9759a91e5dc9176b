package dev.serai.types;

import dev.serai.testing.MariaDb;

/** Its server's time zone is half an hour off, its tables' character sets differ, its mode lets odd dates in. */
class MariaTypeMappingTest extends TypeMappings {
    private static final MariaDb.Database DATABASE = MariaDb.database();

    MariaTypeMappingTest() {
        super(TypeWorld.of("maria-type-mapping", DATABASE.inMode("ALLOW_INVALID_DATES")), MariaTypeTable.ALL);
    }

    @Override
    void prepare() {
        // The server's settings are those of all tests' server.
    }
}
