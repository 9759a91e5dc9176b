package dev.serai.types;

import org.junit.jupiter.api.Tag;

import dev.serai.testing.MySql;

/** Of a real MySQL, whose time zone is half an hour off, and whose mode lets odd dates in. */
@Tag("full")
class MySqlTypeMappingTest extends TypeMappings {

    MySqlTypeMappingTest() {
        super(
                TypeWorld.of("mysql-type-mapping", "mysql", MySql.database().inMode("ALLOW_INVALID_DATES")),
                MySqlTypeTable.ALL);
    }

    @Override
    void prepare() {
        // The server's settings are those of all tests' server.
    }
}
