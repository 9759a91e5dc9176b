package dev.serai.dataset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WatermarkFormTest {
    private static WatermarkForm form(String type) {
        if (type.equals("XMIN")) {
            return WatermarkForm.ofTransactions();
        }
        if (type.equals("NUMERIC")) {
            return WatermarkForm.of(new Column("at", LogicalType.of(Kind.VARCHAR), "numeric", true, false, true));
        }
        return WatermarkForm.of(Column.of(
                "at", type.equals("DECIMAL") ? LogicalType.decimal(10, 2) : LogicalType.of(Kind.valueOf(type))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "TIMESTAMP; 2024-03-01 00:00:00; PT0.000001S; 2024-02-29 23:59:59.999999",
                "TIMESTAMP; 2024-03-01T00:00; P1D; 2024-02-29 00:00:00",
                "TIMESTAMP; 2024-03-01 10:00:00.1234; -; 2024-03-01 10:00:00.1234",
                "TIMESTAMP; 2024-03-01 10:00:00.123456; 0; 2024-03-01 10:00:00.123456",
                "TIMESTAMP; 2024-03-01 10:00:00; PT0.0000001S; 2024-03-01 09:59:59.999999",
                "TIMESTAMP; 0001-01-01 00:00:00; PT1S; 0001-12-31 (BC) 23:59:59",
                "TIMESTAMP; 0044-03-15 (BC) 10:00:00.5; PT0.5S; 0044-03-15 (BC) 10:00:00",
                "TIMESTAMP; 12024-01-01 00:00:00; PT1S; 12023-12-31 23:59:59",
                "TIMESTAMP; 2024-01-01 00:00:00; PT999999999H; -",
                "TIMESTAMPTZ; 2024-03-31 03:30:00+02; PT1H; 2024-03-31 00:30:00+00",
                "TIMESTAMPTZ; 2024-03-31T03:30:00.5+05:45; -; 2024-03-30 21:45:00.5+00",
                "TIMESTAMPTZ; 2024-03-31T03:30:00Z; PT0S; 2024-03-31 03:30:00+00",
                "DATE; 2024-03-01; PT1H; 2024-02-29",
                "DATE; 2024-03-01; P2D; 2024-02-28",
                "DATE; 0044-03-15 (BC); -; 0044-03-15 (BC)",
                "TINYINT; -128; 1; -",
                "INTEGER; 5; 7; -2",
                "INTEGER; 5; 0.5; 4",
                "BIGINT; 9007199254740993; 1; 9007199254740992",
                "BIGINT; -9223372036854775808; 1; -",
                "DECIMAL; 1.5; 0.001; 1.49",
                "DECIMAL; -99999999.99; 0.01; -",
                "DOUBLE; 1e+300; -; 1" + "000000000000000000000000000000000000000000000000000000000000"
                        + "000000000000000000000000000000000000000000000000000000000000"
                        + "000000000000000000000000000000000000000000000000000000000000"
                        + "000000000000000000000000000000000000000000000000000000000000"
                        + "000000000000000000000000000000000000000000000000000000000000",
                "NUMERIC; 123456789012345678901234567890123456789012345678901234567890.1; 0.1;"
                        + " 123456789012345678901234567890123456789012345678901234567890.0",
                "VARCHAR; any text; 0.0; any text",
                "XMIN; 18446744073709551615; PT0S; 18446744073709551615"
            })
    void aWindowBeginsThatFarBelowThePosition(String type, String position, String lookback, String from) {
        assertThat(form(type).from(position, lookback).orElse(null)).isEqualTo(from);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "TIMESTAMP; 2024-03-01 10:00:00+00",
                "TIMESTAMP; 2024-02-30 10:00:00",
                "TIMESTAMP; 2024-02-01 10:00:00.1234567",
                "TIMESTAMP; infinity",
                "TIMESTAMPTZ; 2024-03-01 10:00:00",
                "TIMESTAMPTZ; 2024-03-01",
                "TIMESTAMPTZ; 2024-03-01 10:00:00+25",
                "DATE; 2024-03-01 10:00:00",
                "DATE; 01.03.2024",
                "INTEGER; 2147483648",
                "INTEGER; 1.5",
                "INTEGER; 1e999999999",
                "DECIMAL; 1.001",
                "DECIMAL; 100000000",
                "DOUBLE; nan",
                "NUMERIC; NaN",
                "XMIN; -1"
            })
    void whatIsNoPositionOfTheTypeIsRefused(String type, String position) {
        assertThatThrownBy(() -> form(type).read(position)).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().code()).isEqualTo("bad_watermark");
            assertThat(e.failure().detail()).contains(form(type).example());
        });
    }

    @Test
    void itsExamplesAreRead() {
        for (String type : new String[] {"DATE", "TIMESTAMP", "TIMESTAMPTZ", "INTEGER", "DECIMAL", "NUMERIC", "XMIN"}) {
            assertThat(form(type).read(form(type).example())).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"TIMESTAMP,5", "INTEGER,PT1H", "VARCHAR,1", "XMIN,1"})
    void aLookbackThatDoesNotFitTheTypeIsRefused(String type, String lookback) {
        String position = type.equals("TIMESTAMP") ? "2024-01-01 00:00:00" : "7";
        assertThatThrownBy(() -> form(type).from(position, lookback))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("bad_lookback"));
    }

    @Test
    void aColumnWithoutAnOrderIsNoWatermark() {
        assertThatThrownBy(() -> form("BOOLEAN")).hasMessageContaining("bad_watermark");
    }
}
