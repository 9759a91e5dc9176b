package dev.serai.types;

import java.util.List;

import dev.serai.testing.Postgres;

class TypeMappingTest extends TypeMappings {
    private static final Postgres.Database DATABASE = Postgres.database();

    TypeMappingTest() {
        super(TypeWorld.of("type-mapping", DATABASE), TypeFamily.all());
    }

    @Override
    void prepare() {
        setOtherwise(DATABASE);
    }

    static void setOtherwise(Postgres.Database database) {
        for (String setting : List.of(
                "TimeZone = 'Asia/Kolkata'",
                "DateStyle = 'SQL, DMY'",
                "IntervalStyle = 'postgres_verbose'",
                "bytea_output = 'escape'",
                "extra_float_digits = -15")) {
            database.executeAsSuperuser("ALTER DATABASE " + database.name() + " SET " + setting);
        }
    }
}
